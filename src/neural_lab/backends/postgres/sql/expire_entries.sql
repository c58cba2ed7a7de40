DELETE FROM entry WHERE owner = $1 AND created < $2 RETURNING id
