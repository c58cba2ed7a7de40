SELECT id, body FROM source WHERE owner = $1 AND id = ANY ($2::integer[])
