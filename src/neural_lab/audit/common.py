"""Common text: stretches of a document that stand in too many sources to say where they are from."""

from collections.abc import Iterable

import numpy as np

from neural_lab.audit.alignment import Aligned
from neural_lab.audit.fingerprints import GRAM, GUARANTEE, WINDOW
from neural_lab.audit.match import union
from neural_lab.types import Offsets, Span


def common_stretches(places: Offsets) -> list[Span]:
    """Letters of common grams at `places`; what lies within a window of one another is one stretch."""
    if not len(places):
        return []
    at = np.sort(places)
    first = np.flatnonzero(np.diff(at, prepend=-GRAM - WINDOW) > GRAM + WINDOW)
    last = np.append(first, len(at))[1:] - 1
    return [Span(int(at[a]), int(at[b]) + GRAM) for a, b in zip(first, last, strict=True)]


def told_apart(
    copies: Iterable[Aligned], common: list[Span], letters: int
) -> tuple[list[Aligned], list[Span]]:
    """Copies that are more than common text, and common text with what is not.

    Behind or before a common passage a letter or two are the same in some sources by
    chance, so that a rare gram leads to them. A common passage goes on for up to a
    window behind its last common gram on either side: a copy with fewer than
    `GUARANTEE` letters more than that of its grams is common text.
    """
    inside = np.zeros(letters + 1, dtype=np.int64)
    for start, end in common:
        inside[start + 1 : end + 1] = 1
    before = np.cumsum(inside)
    kept: list[Aligned] = []
    rest = list(common)
    for copy in copies:
        shared = int(before[copy.end] - before[copy.start])
        if shared and copy.end - copy.start - shared < GUARANTEE:
            rest.append(Span(copy.start, copy.end))
        else:
            kept.append(copy)
    return kept, union(rest)
