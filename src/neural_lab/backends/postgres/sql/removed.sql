WITH gone AS (
    DELETE FROM source WHERE owner = $1 AND id = ANY ($2::integer[]) RETURNING id, part, fingerprints, version, body
),
emptied AS (
    UPDATE part SET rows = part.rows - taken.rows
    FROM (SELECT part AS number, sum(fingerprints) AS rows FROM gone GROUP BY part) AS taken
    WHERE part.owner = $1 AND part.number = taken.number
)
SELECT id, part, version, body FROM gone
