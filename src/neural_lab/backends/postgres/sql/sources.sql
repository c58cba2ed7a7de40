SELECT id, title, path, date, language, collection, characters, encode(sha256, 'hex') AS sha256, added
FROM source
WHERE owner = $1 AND ($2::integer[] IS NULL OR id = ANY ($2))
ORDER BY id
