DELETE FROM source WHERE owner = $1
