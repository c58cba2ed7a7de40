SELECT result FROM job WHERE owner = $1 AND id = $2
