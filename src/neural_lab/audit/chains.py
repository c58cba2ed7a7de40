"""Chains: runs of one source that follow one another on both sides, as in a copy that was edited."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from neural_lab.audit.runs import Runs
from neural_lab.audit.seeds import BAND

GAP, PASSES = 400, 8
"""Letters between two runs of a chain, at most; and how often those left over are chained again."""

Run = tuple[int, int, int]
"""Start and end in the document, start in the source, in letters."""


@dataclass(frozen=True, slots=True)
class Chain:
    """Runs of one source in order on both sides; none overlaps another on either side."""

    source: int
    runs: tuple[Run, ...]

    @property
    def letters(self) -> int:
        return sum(end - start for start, end, _ in self.runs)


def chains(runs: Runs) -> Iterator[Chain]:
    """Every run of `in_order` ones in one chain, source by source.

    A run stands alone where none is near it and on a near diagonal.
    """
    rows, sources = runs.listed(), runs.sources.tolist()
    for first, last in _groups(runs):
        if last - first == 1:
            yield Chain(sources[first], (rows[first],))
        else:
            yield from _ordered(sources[first], rows[first:last])


def in_order(runs: Runs) -> Runs:
    """Sorted by source, by diagonals that hang together, and by place in the document."""
    diagonal = runs.positions - runs.starts
    order = np.lexsort((diagonal, runs.sources))
    apart = (np.diff(runs.sources[order], prepend=-1) != 0) | (np.diff(diagonal[order], prepend=0) > BAND)
    band = np.cumsum(apart)
    final = order[np.lexsort((runs.starts[order], band))]
    return Runs(*(column[final] for column in (runs.sources, runs.starts, runs.ends, runs.positions)))


def _groups(runs: Runs) -> Iterator[tuple[int, int]]:
    """Stretches of `in_order` runs whose neighbours are near by place and diagonal."""
    diagonal = runs.positions - runs.starts
    new = np.ones(len(runs), dtype=bool)
    new[1:] = runs.sources[1:] != runs.sources[:-1]
    new[1:] |= runs.starts[1:] - runs.ends[:-1] > GAP
    new[1:] |= np.abs(np.diff(diagonal)) > BAND
    first = np.flatnonzero(new)
    return zip(first.tolist(), np.append(first, len(runs))[1:].tolist(), strict=True)


def _ordered(source: int, rows: list[Run]) -> Iterator[Chain]:
    """Chains of those that go forward on both sides; what goes back or hardly on begins another."""
    for _ in range(PASSES):
        chain: list[Run] = [rows[0]]
        rest: list[Run] = []
        for run in rows[1:]:
            onward = _behind(chain[-1], run)
            (chain if onward else rest).append(onward or run)
        yield Chain(source, tuple(chain))
        if not (rows := rest):
            return
    yield from (Chain(source, (run,)) for run in rows)


def _behind(before: Run, run: Run) -> Run | None:
    """What of `run` lies behind `before` on both sides, if that is half of it or more."""
    start, end, position = run
    reached = before[2] + before[1] - before[0]
    skip = max(before[1] - start, reached - position, 0)
    return (start + skip, end, position + skip) if 2 * skip <= end - start else None
