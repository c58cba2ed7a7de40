-- The last part or, if that is full, the next.
SELECT coalesce(
    (SELECT number + (rows >= $2)::integer FROM part WHERE owner = $1 ORDER BY number DESC LIMIT 1), 1
)
