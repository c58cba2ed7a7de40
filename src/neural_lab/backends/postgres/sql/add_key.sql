INSERT INTO account_key (account, digest, label, scopes, created)
SELECT id, $2, $3, $4, $5 FROM account WHERE id = $1 FOR KEY SHARE
RETURNING id
