SELECT id, name, password, admin, created FROM account WHERE name_sha256 = sha256(convert_to($1, 'UTF8'))
