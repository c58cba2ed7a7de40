INSERT INTO draft (owner, name, title) VALUES ($1, $2, $3)
ON CONFLICT (owner, name) DO UPDATE SET title = excluded.title WHERE draft.title <> excluded.title
