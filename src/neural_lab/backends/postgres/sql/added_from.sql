SELECT id FROM source WHERE owner = $1 AND path <> '' AND md5(path) = md5($2) AND path = $2
