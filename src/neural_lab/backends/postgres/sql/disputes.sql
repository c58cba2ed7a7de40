SELECT
    id, created, consented, title, text_sha256, span_start, span_end, passage, probability, detector, version,
    claim, note, training_consented, state, reviewed, reviewer, review_note
FROM dispute
WHERE owner = $1
ORDER BY id DESC
LIMIT $2
