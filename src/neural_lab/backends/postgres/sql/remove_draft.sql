DELETE FROM draft WHERE owner = $1 AND name = $2 RETURNING name
