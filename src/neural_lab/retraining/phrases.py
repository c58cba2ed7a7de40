"""Phrases that go with one label: runs of words in new texts that no text before them has."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import blake2b

import numpy as np
from numpy.typing import NDArray

from neural_lab.report.progress import watched
from neural_lab.retraining.limits import Limits
from neural_lab.text.canonical import canonicalize
from neural_lab.text.words import WORD
from neural_lab.training.dataset import Record

LONGEST = 5
_BASE, _MIX = np.uint64(0x9E3779B97F4A7C15), np.uint64(0xBF58476D1CE4E5B9)

Hashes = NDArray[np.uint64]


@dataclass(frozen=True, slots=True)
class Phrase:
    """A phrase, the label of all texts that have it, and their places among the new texts.

    Its words stay in memory: reports say where it stands, not what it is.
    """

    words: str
    label: int
    bearers: tuple[int, ...]


def telling_phrases(fresh: Sequence[Record], before: Sequence[Record], limits: Limits) -> list[Phrase]:
    """Phrases of up to five words that only new texts of one label have, those with most texts first.

    In no text of `before`, in at least `fewest_bearers` new ones, and in at most `most_common` of
    a label's. Of phrases with the very same texts one stands for all, the longest.
    """
    known = _Words()
    rows = [_runs(known, record) for record in watched(fresh, "Phrases", len(fresh))]
    column, owner = _columns(rows)
    label = np.array([record.label for record in fresh], dtype=np.int64)
    seen = _seen(known, before)
    groups = _same_texts(column, owner, label, seen, limits)
    phrases = [_phrase(known, fresh, bearers, hashes) for bearers, hashes in groups.items()]
    return sorted(phrases, key=lambda phrase: (-len(phrase.bearers), phrase.bearers))


class _Words(dict[str, int]):
    """A hash of 64 bits for each word met, the same in every run."""

    def __missing__(self, word: str) -> int:
        value = int.from_bytes(blake2b(word.encode(), digest_size=8).digest(), "big")
        return self.setdefault(word, value)

    def of(self, text: str) -> Hashes:
        found = WORD.findall(canonicalize(text).text.casefold())
        return np.fromiter((self[word] for word in found), dtype=np.uint64, count=len(found))


def _runs(known: _Words, record: Record) -> Hashes:
    """One hash for each run of one to five words, each once."""
    words = known.of(record.text)
    return np.unique(np.concatenate([_of_length(words, n) for n in range(1, LONGEST + 1)]))


def _of_length(words: Hashes, n: int) -> Hashes:
    if len(words) < n:
        return np.zeros(0, dtype=np.uint64)
    total = np.full(len(words) - n + 1, n, dtype=np.uint64)
    for at in range(n):
        total = (total * _BASE) ^ words[at : len(words) - n + 1 + at]
        total = (total ^ (total >> np.uint64(31))) * _MIX
    return total


def _columns(rows: Sequence[Hashes]) -> tuple[Hashes, NDArray[np.int64]]:
    """All hashes in order, and the text of each."""
    if not rows:
        return np.zeros(0, dtype=np.uint64), np.zeros(0, dtype=np.int64)
    column, owner = np.concatenate(rows), np.repeat(np.arange(len(rows)), [len(row) for row in rows])
    order = np.argsort(column, kind="stable")
    return column[order], owner[order]


def _seen(known: _Words, before: Sequence[Record]) -> Hashes:
    found: Hashes = np.zeros(0, dtype=np.uint64)
    for start in range(0, len(before), 1000):
        rows = [_runs(known, record) for record in before[start : start + 1000]]
        found = np.unique(np.concatenate((found, *rows)))
    return found


def _same_texts(
    column: Hashes, owner: NDArray[np.int64], label: NDArray[np.int64], seen: Hashes, limits: Limits
) -> dict[tuple[int, ...], list[int]]:
    """The hashes that are of interest, by the texts that have them."""
    starts = np.flatnonzero(np.diff(column, prepend=column[:1] ^ np.uint64(1)))
    counts = np.diff(np.append(starts, len(column)))
    machine = np.add.reduceat(label[owner], starts) if len(starts) else counts
    sided = (machine == 0) | (machine == counts)
    most = limits.most_common * np.where(machine > 0, (label == 1).sum(), (label == 0).sum())
    kept = sided & (counts >= limits.fewest_bearers) & (counts <= most)
    kept &= ~np.isin(column[starts], seen)
    found: dict[tuple[int, ...], list[int]] = {}
    for start, count in zip(starts[kept], counts[kept], strict=True):
        found.setdefault(tuple(owner[start : start + count].tolist()), []).append(int(column[start]))
    return found


def _phrase(known: _Words, fresh: Sequence[Record], bearers: tuple[int, ...], hashes: list[int]) -> Phrase:
    """The longest of the phrases with these hashes, as words of the first of its texts."""
    first = fresh[bearers[0]]
    words = WORD.findall(canonicalize(first.text).text.casefold())
    wanted = np.array(hashes, dtype=np.uint64)
    for n in range(LONGEST, 0, -1):
        places = np.flatnonzero(np.isin(_of_length(known.of(first.text), n), wanted))
        if len(places):
            break
    return Phrase(" ".join(words[places[0] : places[0] + n]), first.label, bearers)
