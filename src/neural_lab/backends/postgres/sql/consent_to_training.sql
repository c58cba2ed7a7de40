UPDATE dispute SET training_consented = $3
WHERE owner = $1 AND id = $2
RETURNING
    id, created, consented, title, text_sha256, span_start, span_end, passage, probability, detector, version,
    claim, note, training_consented, state, reviewed, reviewer, review_note
