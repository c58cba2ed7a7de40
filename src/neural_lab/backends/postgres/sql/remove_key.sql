DELETE FROM account_key WHERE account = $1 AND id = $2 RETURNING id
