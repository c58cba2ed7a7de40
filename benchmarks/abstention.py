"""How many human English texts are taken for another language, or for mostly quoted.

python benchmarks/abstention.py FILE.jsonl.gz…
"""

import gzip
import json
import sys
from collections.abc import Iterator
from pathlib import Path

from neural_lab.backends.language import LangId
from neural_lab.detect.language import pieces, spoken
from neural_lab.detect.quotation import quoted_share
from neural_lab.outcome import ENGLISH, MOST_QUOTED
from neural_lab.text.canonical import canonicalize


def main() -> None:
    """Print one row a file of rows `{"text", "label"}`; those with label 0 are human."""
    identifier = LangId()
    print("| file | human texts | another language | no language told | mostly quoted |")
    print("|---|---|---|---|---|")
    for path in map(Path, sys.argv[1:]):
        texts = list(human(path))
        found = [language(text, identifier) for text in texts]
        quoted = sum(quoted_share(text) > MOST_QUOTED for text in texts)
        other, none = sum(each not in (None, ENGLISH) for each in found), found.count(None)
        print(f"| {path.name.split('.')[0]} | {len(texts):,} | {other} | {none} | {quoted} |", flush=True)


def human(path: Path) -> Iterator[str]:
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        yield from (row["text"] for row in map(json.loads, lines) if row["label"] == 0)


def language(text: str, identifier: LangId) -> str | None:
    """As the lab tells it."""
    return spoken(pieces(canonicalize(text).text), identifier.identify)


if __name__ == "__main__":
    main()
