INSERT INTO preference (owner, chosen) VALUES ($1, $2) ON CONFLICT (owner) DO UPDATE SET chosen = excluded.chosen
