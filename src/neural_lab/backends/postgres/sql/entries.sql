SELECT id, kind, created, title, path, '' AS text, detector, verdict, probability, coverage, settings, '' AS report
FROM entry
WHERE owner = $1 AND ($2::integer IS NULL OR id < $2)
ORDER BY id DESC
LIMIT $3
