SELECT
    dispute.id, created, consented, title, text_sha256, span_start, span_end, passage, probability, detector, version,
    claim, note, training_consented, state, reviewed, reviewer, review_note, name AS owner
FROM dispute
JOIN owner ON owner.id = dispute.owner
WHERE training_consented <> '' AND dispute.id = $1
FOR UPDATE OF dispute
