-- Part after part, and in each the hashes in ascending order: neighbours are on the same pages of the index.
SELECT number, source, seeds
FROM (
    SELECT
        asked.number,
        found.source,
        found.seeds,
        row_number() OVER (PARTITION BY asked.number ORDER BY found.source) AS place
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
WHERE place <= $4
ORDER BY number, source
