SELECT seq, at, characters, text_sha256, previous, digest
FROM snapshot
WHERE owner = $1 AND draft = $2
ORDER BY seq DESC
LIMIT 1
