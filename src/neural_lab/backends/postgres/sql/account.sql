SELECT id, name, password, admin, created FROM account WHERE id = $1
