DELETE FROM fingerprint WHERE owner = $1
