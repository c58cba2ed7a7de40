INSERT INTO dispute (
    owner, span_start, span_end, probability, created, consented, title, text_sha256, passage, detector, version,
    claim, note, training_consented
)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)
RETURNING id
