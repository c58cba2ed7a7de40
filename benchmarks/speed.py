"""How fast a document is read, as ratios within one run: `make bench`.

Absolute times differ between machines and hours; the ratios hold. The text is
the part of Python's documentation that ships with Python.
"""

import pydoc_data.topics
import time
from collections.abc import Callable

from rich.console import Console
from rich.table import Table

from neural_lab.backends.bundle import Bundle
from neural_lab.compose import EMBEDDED, open_lab
from neural_lab.detect.human_evidence import find_evidence
from neural_lab.text.canonical import canonicalize
from neural_lab.text.sentences import segment
from neural_lab.types import Document

ROUNDS = 5
TEXT = "\n\n".join(pydoc_data.topics.topics[name] for name in sorted(pydoc_data.topics.topics))


def main() -> None:
    """Print where the time goes, how it grows, and what reading in windows saves."""
    lab, scorer, lexicon = open_lab(), Bundle(EMBEDDED).scorer(), Bundle(EMBEDDED).lexicon()
    short, long = TEXT[:8_000], TEXT[:80_000]
    canonical = canonicalize(long).text
    sentences = [sentence.span.of(canonical) for sentence in segment(canonical)]
    tasks: dict[str, Callable[[], object]] = {
        "whole analysis, 80,000 characters": lambda: lab.analyze(Document(long)),
        "whole analysis, 8,000 characters": lambda: lab.analyze(Document(short)),
        "canonical form": lambda: canonicalize(long),
        "sentences": lambda: segment(long),
        "language model, whole text in windows": lambda: scorer.score([canonical]),
        "language model, every sentence alone": lambda: scorer.score(sentences),
        "human evidence": lambda: find_evidence(canonical, lexicon),
    }
    seconds = measured(tasks)
    whole = seconds["whole analysis, 80,000 characters"]
    table = Table("what", "processor seconds", "share of the whole")
    for name, value in seconds.items():
        table.add_row(name, f"{value:.3f}", f"{value / whole:.2f}")
    Console().print(table)
    growth = whole / seconds["whole analysis, 8,000 characters"]
    print(f"Ten times the text takes {growth:.1f} times as long.")
    print(
        f"{len(scorer.score([canonical])[0]) / whole:,.0f} tokens a processor second for the whole analysis."
    )


def measured(tasks: dict[str, Callable[[], object]]) -> dict[str, float]:
    """Median processor time of each task, the tasks taking turns so that a busy hour hits all alike."""
    times: dict[str, list[float]] = {name: [] for name in tasks}
    for _ in range(ROUNDS):
        for name, task in tasks.items():
            start = time.process_time()
            task()
            times[name].append(time.process_time() - start)
    return {name: sorted(each)[ROUNDS // 2] for name, each in times.items()}


if __name__ == "__main__":
    main()
