INSERT INTO preference (owner, chosen) VALUES ($1, $2)
ON CONFLICT (owner) DO UPDATE SET chosen = (preference.chosen::jsonb || $3::jsonb)::text
RETURNING chosen
