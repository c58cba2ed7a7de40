"""Exact runs: letters that a document and a source have one after another, from seeds, many at once."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from neural_lab.audit.fingerprints import GRAM
from neural_lab.audit.letters import Codes, Letters
from neural_lab.audit.seeds import Seeds
from neural_lab.types import Offsets

PAD, REACH, BATCH = 48, 256, 1 << 20
COLUMNS = ("sources", "starts", "ends", "positions")
_END, _GAP = np.uint32(0xFFFFFFFF), np.uint32(0)
"""What stands around the letters of the document and of sources: neither a letter nor the same."""


@dataclass(frozen=True)
class Runs:
    """A row a run: a source, letters `[start, end)` of the document, and where they start in the source."""

    sources: Offsets
    starts: Offsets
    ends: Offsets
    positions: Offsets

    def __len__(self) -> int:
        return len(self.sources)

    def listed(self) -> list[tuple[int, int, int]]:
        """Start and end in the document, start in the source, run by run."""
        columns = (self.starts.tolist(), self.ends.tolist(), self.positions.tolist())
        return list(zip(*columns, strict=True))


class Sources:
    """The letters of several sources one behind another, each reached by its number."""

    def __init__(self, given: Mapping[int, Letters]) -> None:
        self.numbers = np.array(sorted(given), dtype=np.int64)
        parts: list[Codes] = [np.full(1, _GAP)]
        for number in self.numbers.tolist():
            parts += [given[number].codes, np.full(1, _GAP)]
        self.codes = np.concatenate(parts)
        lengths = np.array([len(given[number]) + 1 for number in self.numbers.tolist()], dtype=np.int64)
        self.bases = 1 + np.cumsum(lengths) - lengths

    def at(self, numbers: Offsets, positions: Offsets) -> Offsets:
        """Places in `codes` of letters of sources."""
        return self.bases[np.searchsorted(self.numbers, numbers)] + positions

    def only(self, number: int) -> Codes:
        """The letters of one source."""
        which = int(np.searchsorted(self.numbers, number))
        ends = np.append(self.bases[1:], len(self.codes)) - 1
        return self.codes[self.bases[which] : ends[which]]

    def of(self, places: Offsets) -> tuple[Offsets, Offsets]:
        """Numbers and positions of places in `codes`."""
        which = np.searchsorted(self.bases, places, side="right") - 1
        return self.numbers[which], places - self.bases[which]


def exact_runs(own: Codes, sources: Sources, seeds: Seeds) -> Runs:
    """All runs of `GRAM` letters and more through `seeds`, each once and as long as it goes."""
    if not len(seeds):
        return sole(0, [])
    padded = np.concatenate((np.full(1, _END), own, np.full(1, _END)))
    diagonals = sources.at(seeds.sources, seeds.positions) - seeds.places - 1
    stretches = _stretches(seeds.places + 1, diagonals)
    parts = [_equal(padded, sources.codes, *part) for part in _batches(*stretches)]
    starts, ends, diagonals = (np.concatenate(columns) for columns in zip(*parts, strict=True))
    starts = starts - _reach(padded, sources.codes, starts - 1, diagonals, -1)
    ends = ends + _reach(padded, sources.codes, ends, diagonals, 1)
    kept = np.unique(np.stack((diagonals, starts, ends), axis=1)[ends - starts >= GRAM], axis=0).T
    numbers, positions = sources.of(kept[0] + kept[1])
    return Runs(numbers, kept[1] - 1, kept[2] - 1, positions)


def _stretches(places: Offsets, diagonals: Offsets) -> tuple[Offsets, Offsets, Offsets]:
    """Starts, ends and diagonals of stretches around seeds, those of a diagonal that meet made one."""
    order = np.lexsort((places, diagonals))
    places, diagonals = places[order], diagonals[order]
    new = np.ones(len(places), dtype=bool)
    new[1:] = (np.diff(diagonals) != 0) | (np.diff(places) > GRAM + 2 * PAD)
    first = np.flatnonzero(new)
    last = np.append(first, len(places))[1:] - 1
    return places[first] - PAD, places[last] + GRAM + PAD, diagonals[first]


def _batches(starts: Offsets, ends: Offsets, diagonals: Offsets) -> Iterator[tuple[Offsets, ...]]:
    """Stretches in batches of so many letters that they fit into memory whatever the texts are."""
    batch = np.cumsum(ends - starts) // BATCH
    for first, last in pairwise(np.flatnonzero(np.diff(batch, prepend=-1, append=-1)).tolist()):
        yield starts[first:last], ends[first:last], diagonals[first:last]


def _equal(
    own: Codes, other: Codes, starts: Offsets, ends: Offsets, diagonals: Offsets
) -> tuple[Offsets, Offsets, Offsets]:
    """Runs of equal letters inside stretches, of `GRAM` and more or up to an end of their stretch."""
    starts = np.maximum(np.maximum(starts, 0), -diagonals)
    ends = np.minimum(np.minimum(ends, len(own)), len(other) - diagonals)
    lengths = ends - starts + 1  # one place more, which is never equal, behind each stretch
    offsets = np.cumsum(lengths) - lengths
    places = np.arange(lengths.sum()) + np.repeat(starts - offsets, lengths)
    which = np.repeat(np.arange(len(starts)), lengths)
    places[offsets + lengths - 1] = 0
    equal = own[places] == other[np.where(places == 0, 0, places + diagonals[which])]
    steps = np.diff(equal.astype(np.int8), prepend=0)
    begin, behind = np.flatnonzero(steps == 1), np.flatnonzero(steps == -1)
    kept = behind - begin >= GRAM
    begin, behind = begin[kept], behind[kept]
    first = places[begin]
    return first, first + (behind - begin), diagonals[which[begin]]


def _reach(own: Codes, other: Codes, places: Offsets, diagonals: Offsets, step: int) -> Offsets:
    """How many more letters are equal from `places` on, in the direction of `step`."""
    found = np.zeros(len(places), dtype=np.int64)
    # Most runs end inside their stretch: their next letters differ.
    active = np.flatnonzero(_block(own, other, places, diagonals, step, 1)[:, 0])
    while len(active):
        onward = places[active] + step * found[active]
        equal = _block(own, other, onward, diagonals[active], step, REACH)
        whole = equal.all(axis=1)
        found[active] += np.where(whole, REACH, equal.argmin(axis=1))
        active = active[whole]
    return found


def _block(
    own: Codes, other: Codes, places: Offsets, diagonals: Offsets, step: int, length: int
) -> NDArray[np.bool_]:
    """`[places, length]`: whether the letters from each place on are equal; outside they are not."""
    at = places[:, None] + step * np.arange(length)
    there = at + diagonals[:, None]
    inside = (at >= 0) & (at < len(own)) & (there >= 0) & (there < len(other))
    equal = own[np.where(inside, at, 0)] == other[np.where(inside, there, 0)]
    return np.asarray(inside & equal)


def sole(number: int, rows: Sequence[tuple[int, int, int]]) -> Runs:
    """Runs of one source from starts, ends and positions."""
    starts, ends, positions = np.array(rows, dtype=np.int64).reshape(-1, 3).T
    return Runs(np.full(len(starts), number), starts, ends, positions)


def together(parts: Sequence[Runs]) -> Runs:
    return Runs(*(np.concatenate([getattr(part, name) for part in parts]) for name in COLUMNS))


def unique(runs: Runs) -> Runs:
    """Every run once."""
    if not len(runs):
        return runs
    rows = np.stack([getattr(runs, name) for name in COLUMNS], axis=1)
    return Runs(*np.unique(rows, axis=0).T)
