SELECT id, kind, created, title, path, text, detector, verdict, probability, coverage, settings, report
FROM entry
WHERE owner = $1 AND id = $2
