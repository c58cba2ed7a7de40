SELECT id, kind, state, done, total, created, updated, attempts, error, message
FROM job
WHERE owner = $1
ORDER BY id DESC
LIMIT $2
