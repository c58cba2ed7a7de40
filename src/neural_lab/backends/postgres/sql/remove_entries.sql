DELETE FROM entry WHERE owner = $1 AND id = ANY ($2::integer[]) RETURNING id
