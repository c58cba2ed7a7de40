WITH gone AS (DELETE FROM event WHERE at < $1 RETURNING id)
SELECT count(*) AS rows FROM gone
