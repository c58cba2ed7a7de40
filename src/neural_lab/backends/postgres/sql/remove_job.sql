DELETE FROM job WHERE owner = $1 AND id = $2 AND state NOT IN ('queued', 'running') RETURNING id
