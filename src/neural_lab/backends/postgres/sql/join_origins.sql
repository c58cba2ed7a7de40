INSERT INTO origin (source, path_sha256, owner)
SELECT source, path_sha256, $1 FROM unnest($2::integer[], $3::bytea[]) AS made (source, path_sha256)
