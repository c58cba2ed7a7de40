-- Those that somebody else deletes just now are left to them: every process of a service asks for the same.
DELETE FROM entry
WHERE id IN (
    SELECT old.id
    FROM owner JOIN entry AS old ON old.owner = owner.id AND old.created < $1
    FOR UPDATE OF old SKIP LOCKED
)
RETURNING id
