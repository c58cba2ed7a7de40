DELETE FROM origin
USING unnest($1::integer[], $2::bytea[]) AS gone (source, path_sha256)
WHERE origin.source = gone.source AND origin.path_sha256 = gone.path_sha256
