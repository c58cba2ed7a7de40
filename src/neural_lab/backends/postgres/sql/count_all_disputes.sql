SELECT CASE WHEN training_consented <> '' THEN state ELSE 'private' END AS counted, count(*) AS disputes
FROM dispute
GROUP BY counted
