#!/bin/sh
# What the service does, with curl. Start it first: neural-lab serve
set -eu
URL="${NEURAL_LAB_URL:-http://127.0.0.1:8000}"
JSON="Content-Type: application/json"

# With accounts, name a key: export NEURAL_LAB_KEY=nlk_...
ask() {
    if [ -n "${NEURAL_LAB_KEY:-}" ]; then set -- -H "Authorization: Bearer $NEURAL_LAB_KEY" "$@"; fi
    curl --silent --show-error --fail-with-body "$@"
    echo
}

echo "Is it ready?"
ask "$URL/readyz"

echo "Probabilities of short texts:"
ask "$URL/detect" -H "$JSON" -d '{"texts": ["The bus was late, so I walked home."], "threshold": 0.5}'

echo "A report on a file, which is not kept:"
printf 'The bus was late. I walked home along the river instead, and it was dark when I came.' |
    ask "$URL/v1/documents" -F "file=@-;filename=walk.txt" -F keep=false

echo "A job, for many documents or long ones; its key makes sure that it is added once:"
ask "$URL/v1/jobs" -H "$JSON" -H "Idempotency-Key: example-$$" -d '{"documents": [{"text": "A long text."}], "keep": false}'

echo "All jobs, the newest first:"
ask "$URL/v1/jobs?most=1"
