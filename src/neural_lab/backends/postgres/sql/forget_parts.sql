DELETE FROM part WHERE owner = $1
