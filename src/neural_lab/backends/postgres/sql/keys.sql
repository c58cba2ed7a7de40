SELECT id, label, scopes, created FROM account_key WHERE account = $1 ORDER BY id
