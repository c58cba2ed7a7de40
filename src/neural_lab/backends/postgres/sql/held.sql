SELECT
    source.id,
    encode(sha256, 'hex') AS sha256,
    CASE path WHEN '' THEN '' ELSE sha256(convert_to(path, 'UTF8')) END AS path,
    ARRAY (SELECT path_sha256 FROM origin WHERE origin.source = source.id) AS origins
FROM (
    SELECT id FROM source WHERE owner = $1 AND sha256 = ANY ($2::bytea[])
    UNION
    SELECT source FROM origin WHERE owner = $1 AND path_sha256 <> '' AND path_sha256 = ANY ($3::bytea[])
) AS found
JOIN source ON source.id = found.id
