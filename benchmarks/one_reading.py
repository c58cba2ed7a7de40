"""What it changes that passages of a document that the encoder can read at once share one reading.

    python benchmarks/one_reading.py FILE.jsonl.gz… [--most 400 --halve wi_locness --workers 2]

Reads labelled texts of such a length, up to `--most` of each source and class, in both
ways, and prints what moves: probabilities, the ranking, and which texts are flagged
at a target of 1 %. Of sources named by `--halve` only the half that decisions may be
made on. Needs the extra `train`.
"""

from __future__ import annotations

import argparse
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from unittest.mock import patch

import numpy as np

from neural_lab import second_reader
from neural_lab.backends.bundle import Bundle
from neural_lab.backends.memory_cache import MemoryCache
from neural_lab.compose import EMBEDDED, open_lab
from neural_lab.outcome import Verdict
from neural_lab.service import Lab
from neural_lab.text.canonical import canonicalize
from neural_lab.text.passages import LONGEST, LONGEST_CORE
from neural_lab.text.sentences import segment
from neural_lab.training.comparisons import mcnemar, paired_auroc
from neural_lab.training.dataset import Record, read_dataset
from neural_lab.training.detection import seeded_hash
from neural_lab.training.fairness import in_half
from neural_lab.training.figures import auroc, wilson
from neural_lab.training.pool import spread
from neural_lab.types import Document

WAYS = ("each", "once")
FLAGGED = (Verdict.LIKELY_AI, Verdict.MIXED)
SEED = 12

Pair = tuple[tuple[float, bool], tuple[float, bool]]


def main() -> None:
    options = _options()
    records = list(affected(options))
    found = list(spread(opened, both, records, EMBEDDED, "Reading twice", options.workers))
    label = np.array([record.label for record in records])
    score, flagged = (np.array([[way[i] for way in each] for each in found]) for i in (0, 1))
    print(f"{(label == 0).sum():,} human and {(label == 1).sum():,} machine texts")
    for name, count in sorted(Counter((r.source, r.label) for r in records).items()):
        print(" ", *name, count)
    _moved(label, score)
    _ranked(label, score)
    for kind, name in enumerate(("human", "machine")):
        _flagged(name, flagged[label == kind].astype(bool))


def affected(options: argparse.Namespace) -> Iterator[Record]:
    """The texts that are read in one way or the other, in the order of a hash."""
    encoder = Bundle(EMBEDDED).second(threads=1).encoder
    seen: Counter[tuple[str, int]] = Counter()
    given = in_half(list(read_dataset(options.data)), options.halve, "gate")
    for record in sorted(given, key=lambda record: seeded_hash(record.text, SEED)):
        kind = record.source, record.label
        if seen[kind] < options.most and 90 <= record.text.count(" ") <= LONGEST:
            text = canonicalize(record.text).text
            tokens = encoder.tokens([" ".join(s.span.of(text).split()) for s in segment(text)])
            if LONGEST_CORE < sum(map(len, tokens)) <= LONGEST and len(tokens) > 1:
                seen[kind] += 1
                yield record


def opened(folder: Path) -> Lab:
    """A lab whose language model reads a text once."""
    return open_lab(folder, threads=1, cache=MemoryCache(), secret=bytes(32))


def both(lab: Lab, record: Record) -> Pair:
    """Probability, and whether it is flagged at 1 %: each passage read by itself, and one reading."""
    with patch.object(second_reader, "LONGEST", 0):
        before = lab.analyze(Document(record.text))
    after = lab.analyze(Document(record.text))
    return (before.probability, before.verdict in FLAGGED), (after.probability, after.verdict in FLAGGED)


def _moved(label: np.ndarray, score: np.ndarray) -> None:
    for kind, name in enumerate(("human", "machine")):
        change = (score[:, 1] - score[:, 0])[label == kind]
        if not len(change):
            continue
        mean, error = change.mean(), 1.96 * change.std() / np.sqrt(len(change))
        size, most = np.abs(change).mean(), np.quantile(np.abs(change), 0.95)
        print(f"{name}: |change| mean {size:.4f}, 95 % below {most:.4f}; mean {mean:+.4f} ± {error:.4f}")


def _ranked(label: np.ndarray, score: np.ndarray) -> None:
    if len(set(label.tolist())) < 2:
        return
    for name, column in zip(WAYS, score.T, strict=True):
        print("AUROC {}: {:.4f} ({:.4f} to {:.4f})".format(name, *auroc(label, column)))
    gap = paired_auroc(label, score[:, 1], score[:, 0])
    print(f"AUROC once less each: {gap.value:+.4f} ({gap.low:+.4f} to {gap.high:+.4f})")


def _flagged(name: str, flagged: np.ndarray) -> None:
    for way, hits in zip(WAYS, flagged.sum(axis=0).tolist(), strict=True):
        low, high = wilson(hits, len(flagged))
        print(f"{name} flagged, {way}: {hits} of {len(flagged)} ({100 * low:.2f} % to {100 * high:.2f} %)")
    pair = mcnemar(flagged[:, 1], flagged[:, 0])
    print(f"  only once {pair.only_first}, only each {pair.only_second}, p = {pair.p_value:.3g}")


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("data", type=Path, nargs="+")
    parser.add_argument("--most", type=int, default=400)
    parser.add_argument("--halve", nargs="*", default=())
    parser.add_argument("--workers", type=int)
    return parser.parse_args()


if __name__ == "__main__":
    main()
