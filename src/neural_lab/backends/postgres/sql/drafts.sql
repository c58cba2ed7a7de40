SELECT
    draft.name AS id, draft.title, first.at AS created, last.at AS updated,
    last.seq AS snapshots, last.characters, last.digest
FROM draft
JOIN snapshot AS first ON first.owner = draft.owner AND first.draft = draft.name AND first.seq = 1
CROSS JOIN LATERAL (
    SELECT at, seq, characters, digest
    FROM snapshot
    WHERE snapshot.owner = draft.owner AND snapshot.draft = draft.name
    ORDER BY seq DESC
    LIMIT 1
) AS last
WHERE draft.owner = $1 AND ($2::text IS NULL OR draft.name = $2)
ORDER BY last.at DESC, draft.id DESC
