INSERT INTO session (digest, account, expires)
SELECT $2, id, $3 FROM account WHERE id = $1 FOR KEY SHARE
RETURNING account
