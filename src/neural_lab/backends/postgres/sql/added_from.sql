SELECT source
FROM origin AS asked
WHERE
    owner = $1
    AND path_sha256 <> ''
    AND path_sha256 = $2
    AND NOT EXISTS (
        SELECT FROM origin AS other
        WHERE other.source = asked.source AND other.path_sha256 NOT IN ($2, '')
    )
