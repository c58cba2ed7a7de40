SELECT id, name, password, admin, created FROM account ORDER BY id
