SELECT id, encode(sha256, 'hex') AS sha256, path
FROM source
WHERE owner = $1 AND sha256 = ANY ($2::bytea[])
UNION
SELECT id, encode(sha256, 'hex') AS sha256, path
FROM source
WHERE owner = $1 AND path <> '' AND md5(path) = ANY (ARRAY (SELECT md5(asked) FROM unnest($3::text[]) AS asked))
