SELECT id, name, password, admin, created
FROM account
WHERE id = (SELECT account FROM session WHERE digest = $1 AND expires > $2)
