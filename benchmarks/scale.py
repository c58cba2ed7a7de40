"""What a document costs, and what a second worker gains, within one run.

Costs are processor seconds of one worker on one thread, so that a busy machine changes
them little; gains are ratios of times taken in turns. `docs/scaling.md` computes with
them. `--engine ray` measures workers of Ray as well.
"""

import argparse
import json
import pydoc_data.topics
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from pathlib import Path
from tempfile import TemporaryDirectory

from rich.console import Console
from rich.table import Table

from neural_lab.batch import Asked
from neural_lab.compose import open_lab
from neural_lab.processes import processors
from neural_lab.scoring.answer import Wanted
from neural_lab.scoring.corpus import corpus
from neural_lab.scoring.given import Given
from neural_lab.scoring.hands import Hand, LocalHand, spread
from neural_lab.scoring.parts import Part, cut, plan
from neural_lab.scoring.reader import DEFAULT, rows
from neural_lab.service import Lab
from neural_lab.types import Document

ROUNDS, WORDS, PART = 3, 200, 4
MANY = 20_000
"""Rows that are read without being scored."""


def main() -> None:
    options = arguments()
    texts, lab = list(documents(options.documents)), open_lab(threads=1)
    table = Table("what", "measured")
    seconds = cost(lab, texts)
    words = sum(len(text.split()) for text in texts)
    table.add_row("documents, words each", f"{len(texts)}, {words / len(texts):.0f}")
    table.add_row("processor seconds a document", f"{seconds / len(texts):.4f}")
    table.add_row("processor seconds a 1,000 words", f"{1_000 * seconds / words:.3f}")
    table.add_row("rows a processor second reads, once", f"{reading(texts):,.0f}")
    for engine in ["local", *(["ray"] if options.engine == "ray" else [])]:
        one, two = gain(engine, lab, texts)
        table.add_row(f"{engine}: one worker, seconds", f"{one:.2f}")
        table.add_row(f"{engine}: two workers, seconds", f"{two:.2f}")
        table.add_row(
            f"{engine}: so many times as fast", f"{one / two:.2f} (processors here: {processors()})"
        )
    Console().print(table)


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--documents", type=int, default=48)
    parser.add_argument("--engine", choices=("local", "ray"), default="local")
    return parser.parse_args()


def documents(count: int) -> Iterator[str]:
    """Different texts of about `WORDS` words each, out of Python's documentation."""
    topics = pydoc_data.topics.topics
    words = " ".join(topics[name] for name in sorted(topics)).split()
    step = (len(words) - WORDS) // count
    for start in range(0, count * step, step):
        yield " ".join(words[start : start + WORDS])


def cost(lab: Lab, texts: Sequence[str]) -> float:
    """Processor seconds for all texts, the median of several rounds."""
    times = []
    for _ in range(ROUNDS):
        begun = time.process_time()
        for text in texts:
            lab.analyze(Document(text))
        times.append(time.process_time() - begun)
    return sorted(times)[ROUNDS // 2]


def reading(texts: Sequence[str]) -> float:
    """Rows that one processor reads, cuts and takes digests of in a second."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / "rows.jsonl"
        with path.open("w") as file:
            file.writelines(json.dumps({"id": n, "text": texts[n % len(texts)]}) + "\n" for n in range(MANY))
        begun = time.process_time()
        known = plan(cut(rows(corpus(str(path)), DEFAULT)))
        return known.rows / (time.process_time() - begun)


def gain(engine: str, lab: Lab, texts: Sequence[str]) -> tuple[float, float]:
    """Seconds that one worker and that two take for the same parts, medians of rounds in turns."""
    wanted = Wanted(Asked(0.01), lab.identity)
    with ExitStack() as stack:
        hands = opened(engine, wanted, stack)
        parts = list(cut((Given(f"r:{n}", n, text) for n, text in enumerate(texts)), PART))
        for hand in hands:
            taken(parts[:1], [hand])
        times = [(taken(parts, hands[:1]), taken(parts, hands)) for _ in range(ROUNDS)]
    one, two = zip(*times, strict=True)
    return sorted(one)[ROUNDS // 2], sorted(two)[ROUNDS // 2]


def opened(engine: str, wanted: Wanted, stack: ExitStack) -> list[Hand]:
    if engine == "ray":
        from neural_lab.backends.ray_processes import cluster
        from neural_lab.scoring.ray_hand import RayHand

        stack.enter_context(cluster(2))
        hands: list[Hand] = [RayHand(wanted) for _ in range(2)]
    else:
        hands = [LocalHand(wanted) for _ in range(2)]
    for hand in hands:
        stack.callback(hand.close)
    return hands


def taken(parts: Sequence[Part], hands: Sequence[Hand]) -> float:
    begun = time.perf_counter()
    for _ in spread(parts, hands, dict):
        pass
    return time.perf_counter() - begun


if __name__ == "__main__":
    main()
