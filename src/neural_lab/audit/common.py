"""Common text: stretches of a document that stand in too many sources to say where they are from."""

from collections.abc import Iterable

import numpy as np

from neural_lab.audit.alignment import Aligned
from neural_lab.audit.fingerprints import GRAM
from neural_lab.audit.match import union
from neural_lab.audit.runs import Runs
from neural_lab.audit.seeds import OWN
from neural_lab.types import Offsets, Span


def common_stretches(places: Offsets, samples: Runs) -> list[Span]:
    """Letters of a document around common grams at `places`.

    A stretch goes as far as all `samples`, runs that the document shares with some of
    the sources: a common passage is longer than its grams that were kept.
    """
    if not len(places):
        return []
    at = np.unique(places)
    low, high = np.zeros(len(at), dtype=np.int64), np.full(len(at), np.iinfo(np.int64).max)
    for start, end, _ in samples.listed():
        held = slice(*np.searchsorted(at, (start, end - GRAM + 1)).tolist())
        low[held] = np.maximum(low[held], start)
        high[held] = np.minimum(high[held], end)
    sampled = high < np.iinfo(np.int64).max
    low, high = np.where(sampled, low, at), np.where(sampled, high, at + GRAM)
    return union([Span(start, end) for start, end in zip(low.tolist(), high.tolist(), strict=True)])


def told_apart(
    copies: Iterable[Aligned], common: list[Span], letters: int
) -> tuple[list[Aligned], list[Span]]:
    """Copies that are more than common text, and common text with what is not.

    Behind or before a common passage a letter or two are the same in some sources by
    chance, so that a rare gram leads to them: a copy with fewer than `OWN` letters of
    its own is common text.
    """
    inside = np.zeros(letters + 1, dtype=np.int64)
    for start, end in common:
        inside[start + 1 : end + 1] = 1
    before = np.cumsum(inside)
    kept: list[Aligned] = []
    rest = list(common)
    for copy in copies:
        shared = int(before[copy.end] - before[copy.start])
        if shared and copy.end - copy.start - shared < OWN:
            rest.append(Span(copy.start, copy.end))
        else:
            kept.append(copy)
    return kept, union(rest)
