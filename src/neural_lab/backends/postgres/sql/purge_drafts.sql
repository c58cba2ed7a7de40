DELETE FROM draft WHERE owner = $1 RETURNING name
