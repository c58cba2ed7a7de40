SELECT id, account, label, scopes, created FROM account_key WHERE digest = $1
