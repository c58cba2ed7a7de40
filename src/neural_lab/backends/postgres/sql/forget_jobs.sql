DELETE FROM job WHERE owner = $1
