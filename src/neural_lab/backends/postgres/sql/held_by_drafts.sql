SELECT count(*) AS drafts, coalesce(sum(bytes), 0)::bigint AS bytes FROM draft WHERE owner = $1
