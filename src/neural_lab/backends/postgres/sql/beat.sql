UPDATE job SET done = $3, total = $4, updated = $5, lease = $6
WHERE id = $1 AND worker = $2 AND state = 'running'
RETURNING id
