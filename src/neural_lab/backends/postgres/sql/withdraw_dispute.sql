DELETE FROM dispute WHERE owner = $1 AND id = $2 RETURNING id
