-- Part after part, and in each the hashes in ascending order: neighbours are on the same pages of the index.
SELECT number, CASE WHEN many < $4 THEN source ELSE -source END AS source, seeds
FROM (
    SELECT
        asked.number,
        found.source,
        found.seeds,
        row_number() OVER (PARTITION BY asked.number ORDER BY found.source) AS place,
        count(*) OVER (PARTITION BY asked.number) AS many
    FROM part
    CROSS JOIN unnest($2::bigint[], $3::integer[]) AS asked (hash, number)
    CROSS JOIN LATERAL (
        SELECT source, seeds
        FROM fingerprint
        WHERE
            owner = $1
            AND part = part.number
            AND hash = asked.hash
            AND source <> $5
            AND ($6::integer[] IS NULL OR source = ANY ($6))
        ORDER BY source
        LIMIT $4
    ) AS found
    WHERE part.owner = $1
) AS placed
-- Of a hash in too many sources three rows are enough, the first, the middle and the last of those looked at.
WHERE many < $4 OR place IN (1, $4 / 2 + 1, $4)
ORDER BY 1, 2
