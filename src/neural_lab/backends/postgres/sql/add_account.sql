INSERT INTO account (name, name_sha256, password, admin, created)
VALUES ($1, sha256(convert_to($2, 'UTF8')), $3, $4, $5)
ON CONFLICT (name_sha256) DO NOTHING
RETURNING id
