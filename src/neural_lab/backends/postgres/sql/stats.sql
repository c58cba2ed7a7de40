SELECT collection, count(*) AS sources, sum(characters) AS characters, sum(fingerprints) AS fingerprints
FROM source
WHERE owner = $1
GROUP BY collection
ORDER BY collection
