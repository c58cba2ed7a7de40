SELECT
    id, created, consented, title, text_sha256, span_start, span_end, passage, probability, detector, version,
    claim, note
FROM dispute
WHERE owner = $1
ORDER BY id DESC
LIMIT $2
