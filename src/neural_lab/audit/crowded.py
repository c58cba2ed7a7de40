"""Runs shared with a source that repeats itself so often that pairing all places would take for ever."""

import numpy as np

from neural_lab.audit.fingerprints import GUARANTEE, long_grams
from neural_lab.audit.letters import Codes
from neural_lab.audit.runs import Runs, sole
from neural_lab.types import Offsets

BLOCK = 1 << 12


class LongGrams:
    """The runs of `GUARANTEE` letters of a document, in an order in which they are found at once."""

    def __init__(self, own: Codes) -> None:
        self._own = own
        grams = long_grams(own)
        self._order = np.argsort(grams, kind="stable")
        self._grams = grams[self._order]

    def runs(self, number: int, other: Codes) -> Runs:
        """Runs that together hold every letter that is in a run of `GUARANTEE` letters shared with `other`.

        Each place is followed to the first place of the source with the same
        `GUARANTEE` letters, and from there as far as it goes.
        """
        places, there = self._shared(other)
        rows, at = [], 0
        while at < len(places):
            start, position = int(places[at]), int(there[at])
            length = _agreement(self._own[start:], other[position:])
            if length < GUARANTEE:  # two hashes that are equal by chance
                at += 1
                continue
            rows.append((start, start + length, position))
            at = _next(places, at, start + length)
        return sole(number, rows)

    def _shared(self, other: Codes) -> tuple[Offsets, Offsets]:
        """Places of the document whose letters stand in `other`, in order, and the first place there."""
        theirs, first = np.unique(long_grams(other), return_index=True)
        low, high = (np.searchsorted(self._grams, theirs, side=side) for side in ("left", "right"))
        counts = high - low
        rows = np.repeat(low - (np.cumsum(counts) - counts), counts) + np.arange(counts.sum())
        places = self._order[rows]
        ordered = np.argsort(places, kind="stable")
        return places[ordered], np.repeat(first, counts)[ordered]


def _next(places: Offsets, at: int, end: int) -> int:
    """The last place whose letters join on to what reaches to `end`, or else the first behind it."""
    last = max(int(np.searchsorted(places, end, side="right")) - 1, at)
    return last if last > at and int(places[last]) + GUARANTEE > end else last + 1


def _agreement(first: Codes, second: Codes) -> int:
    """How many letters are equal from the start."""
    found, length = 0, min(len(first), len(second))
    while found < length:
        upto = min(found + BLOCK, length)
        equal = first[found:upto] == second[found:upto]
        if not equal.all():
            return found + int(equal.argmin())
        found = upto
    return found
