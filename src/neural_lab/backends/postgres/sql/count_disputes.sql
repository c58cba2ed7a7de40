SELECT count(*) FROM dispute WHERE owner = $1
