-- Their hashes are not known any more, so all fingerprints are looked through.
DELETE FROM fingerprint WHERE owner = $1 AND source = ANY ($2::integer[])
