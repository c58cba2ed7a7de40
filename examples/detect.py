"""Ask a running service about texts, with the standard library alone: python detect.py FILE..."""

import json
import os
import sys
import urllib.error
import urllib.request
from pathlib import Path

URL = os.environ.get("NEURAL_LAB_URL", "http://127.0.0.1:8000")


def ask(path: str, body: dict[str, object]) -> dict[str, object]:
    """The answer; errors are problem details, whose `detail` says what to do."""
    headers = {"Content-Type": "application/json"}
    if key := os.environ.get("NEURAL_LAB_KEY"):
        headers["Authorization"] = f"Bearer {key}"
    request = urllib.request.Request(f"{URL}{path}", json.dumps(body).encode(), headers)
    try:
        with urllib.request.urlopen(request, timeout=130) as answer:
            return json.load(answer)
    except urllib.error.HTTPError as error:
        sys.exit(f"{path}: {json.load(error)['detail']}")


def main() -> None:
    texts = [Path(name).read_text("utf-8") for name in sys.argv[1:]]
    found = ask("/v1/detect", {"documents": [{"text": text} for text in texts]})
    for document in found["documents"]:
        name, verdict = sys.argv[1 + document["index"]], document["verdict"]
        print(f"{name}: {verdict} ({document['probability']:.3f})")
    for error in found["errors"]:
        print(f"{sys.argv[1 + error['index']]}: {error['message']}", file=sys.stderr)


if __name__ == "__main__":
    main()
