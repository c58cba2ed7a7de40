DELETE FROM dispute WHERE owner = $1
