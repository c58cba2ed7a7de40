INSERT INTO part (owner, number, rows)
VALUES ($1, $2, $3)
ON CONFLICT (owner, number) DO UPDATE SET rows = part.rows + excluded.rows
