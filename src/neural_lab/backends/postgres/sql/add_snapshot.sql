INSERT INTO snapshot (owner, draft, packed, seq, at, characters, text_sha256, previous, digest)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
