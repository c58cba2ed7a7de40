-- As in search_sources.sql, what matches is found first, by the index of words alone.
WITH found AS MATERIALIZED (
    SELECT id
    FROM entry
    WHERE owner + 0 = $1
        AND (
            folded(title) LIKE folded($2) OR folded(path) LIKE folded($2) OR folded(text) LIKE folded($2)
        )
)
SELECT id, kind, created, title, path, '' AS text, detector, verdict, probability, coverage, settings, '' AS report
FROM entry
WHERE id IN (SELECT id FROM found ORDER BY id DESC LIMIT $3)
ORDER BY id DESC
