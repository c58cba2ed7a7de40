-- What matches is found first, by the index of words alone: owner + 0 keeps the planner from reading all
-- texts of the owner, and MATERIALIZED from reading all texts from the newest on.
WITH found AS MATERIALIZED (
    SELECT id
    FROM source
    WHERE owner + 0 = $1 AND (folded(title) LIKE folded($2) OR folded(body) LIKE folded($2))
)
SELECT id, title, path, date, language, collection, characters, encode(sha256, 'hex') AS sha256, added
FROM source
WHERE id IN (SELECT id FROM found ORDER BY id DESC LIMIT $3)
ORDER BY id DESC
