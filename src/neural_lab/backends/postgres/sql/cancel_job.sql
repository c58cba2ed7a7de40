UPDATE job SET state = 'cancelled', payload = '', updated = $3
WHERE owner = $1 AND id = $2 AND state IN ('queued', 'running')
