WITH ended AS (DELETE FROM session WHERE account = $1)
UPDATE account SET password = $2 WHERE id = $1 RETURNING id
