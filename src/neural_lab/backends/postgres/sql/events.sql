SELECT at, kind, status, milliseconds, characters, words, probability, verdict, detector, signals
FROM event
WHERE at >= $1 AND at < $2
ORDER BY at, id
LIMIT $3
