SELECT id, kind, state, done, total, created, updated, attempts, error, message, payload_digest
FROM job
WHERE owner = $1 AND once_sha256 = sha256(convert_to($2, 'UTF8'))
