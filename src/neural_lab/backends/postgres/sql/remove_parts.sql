DELETE FROM part WHERE owner = $1 AND rows <= 0
