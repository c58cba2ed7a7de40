UPDATE draft SET bytes = bytes + $3 WHERE owner = $1 AND name = $2
