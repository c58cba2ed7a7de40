-- An empty key is none, of which there may be any number.
INSERT INTO job (owner, kind, payload, once_sha256, created, updated, payload_digest)
VALUES ($1, $2, $3, sha256(convert_to(nullif($4, ''), 'UTF8')), $5, $5, $6)
ON CONFLICT (owner, once_sha256) DO NOTHING
RETURNING id
