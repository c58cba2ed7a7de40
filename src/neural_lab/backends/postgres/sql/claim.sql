-- What another worker takes at this moment is passed over.
WITH next AS MATERIALIZED (
    SELECT id
    FROM job
    WHERE state IN ('queued', 'running') AND (state = 'queued' OR lease < $2)
    ORDER BY id
    LIMIT 1
    FOR UPDATE SKIP LOCKED
)
UPDATE job SET
    state = 'running', worker = $1, updated = $2, lease = $3, done = 0, total = 0, attempts = attempts + 1
FROM next, owner
WHERE job.id = next.id AND owner.id = job.owner
RETURNING
    job.id, owner.name AS owner, kind, state, done, total, created, updated, attempts, error, message, payload
