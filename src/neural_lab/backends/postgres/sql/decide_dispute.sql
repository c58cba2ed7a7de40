UPDATE dispute SET state = $2, reviewed = $3, reviewer = $4, review_note = $5 WHERE id = $1
