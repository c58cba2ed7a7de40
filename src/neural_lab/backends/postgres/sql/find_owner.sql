SELECT id FROM owner WHERE name = $1
