UPDATE job SET
    state = 'queued', worker = '', updated = $3, lease = '', done = 0, total = 0, attempts = attempts - 1
WHERE id = $1 AND worker = $2 AND state = 'running'
RETURNING id
