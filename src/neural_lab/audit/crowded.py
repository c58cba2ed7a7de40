"""Runs shared with a source that repeats itself so often that pairing all places would take for ever."""

import numpy as np

from neural_lab.audit.fingerprints import GUARANTEE, long_grams
from neural_lab.audit.letters import Codes
from neural_lab.audit.runs import Runs, Sources, sole
from neural_lab.types import Offsets

BLOCK = 1 << 12


def crowded_runs(own: Codes, sources: Sources, number: int) -> Runs:
    """Runs that together hold every letter of `own` that is in a shared run of `GUARANTEE` letters.

    Each place is followed to the first place of the source with the same
    `GUARANTEE` letters and from there as far as it goes: linear in both lengths but for sorting.
    """
    other = sources.only(number)
    places, there = _shared(own, other)
    rows, at = [], 0
    while at < len(places):
        start, position = int(places[at]), int(there[at])
        length = _agreement(own[start:], other[position:])
        if length < GUARANTEE:  # two hashes that are equal by chance
            at += 1
            continue
        rows.append((start, start + length, position))
        at = _next(places, at, start + length)
    return sole(number, rows)


def _next(places: Offsets, at: int, end: int) -> int:
    """The last place whose letters join on to what reaches to `end`, or else the first behind it."""
    last = max(int(np.searchsorted(places, end, side="right")) - 1, at)
    return last if last > at and int(places[last]) + GUARANTEE > end else last + 1


def _shared(own: Codes, other: Codes) -> tuple[Offsets, Offsets]:
    """Places of `own` whose `GUARANTEE` letters stand in `other`, and the first place where they do."""
    mine, (theirs, first) = long_grams(own), np.unique(long_grams(other), return_index=True)
    if not len(theirs):
        return np.empty(0, np.int64), np.empty(0, np.int64)
    found = np.minimum(np.searchsorted(theirs, mine), len(theirs) - 1)
    places = np.flatnonzero(theirs[found] == mine)
    return places, first[found[places]]


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
