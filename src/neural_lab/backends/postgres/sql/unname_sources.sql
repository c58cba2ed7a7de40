UPDATE source SET path = '' WHERE owner = $1 AND id = ANY ($2::integer[])
