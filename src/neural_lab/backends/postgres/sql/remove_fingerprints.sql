DELETE FROM fingerprint
USING unnest($2::integer[], $3::bigint[], $4::integer[]) AS gone (part, hash, source)
WHERE fingerprint.owner = $1
    AND fingerprint.part = gone.part
    AND fingerprint.hash = gone.hash
    AND fingerprint.source = gone.source
