SELECT id, kind, state, done, total, created, updated, payload, result, error, message
FROM job
WHERE owner = $1 AND id = $2
