SELECT id, kind, state, done, total, created, updated, attempts, error, message
FROM job
WHERE owner = $1 AND id = $2
