UPDATE job SET state = $3, updated = $4, payload = '', result = $5, error = $6, message = $7
WHERE id = $1 AND worker = $2 AND state = 'running'
RETURNING owner
