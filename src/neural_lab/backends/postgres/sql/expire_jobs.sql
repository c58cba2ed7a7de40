DELETE FROM job WHERE state NOT IN ('queued', 'running') AND updated < $1 RETURNING id
