"""Copies of one source side by side: none over another, and no shared run left out."""

from bisect import bisect_left, bisect_right, insort
from collections.abc import Iterator, Sequence

from neural_lab.audit.alignment import Aligned
from neural_lab.audit.chains import Run
from neural_lab.audit.fingerprints import GUARANTEE


def placed(copies: Sequence[Aligned], runs: Sequence[Run], source: int) -> Sequence[Aligned]:
    """Copies that do not overlap in the document, in its order, those with most letters kept first served.

    What they leave uncovered of `runs` of `GUARANTEE` letters and more becomes copies of its own.
    """
    if len(copies) == len(runs) == 1:
        return copies
    taken: list[tuple[int, int]] = []
    kept = []
    for copy in sorted(copies, key=lambda copy: (-copy.kept, copy.start, copy.position)):
        if not _overlaps(taken, copy.start, copy.end):
            insort(taken, (copy.start, copy.end))
            kept.append(copy)
    for start, end, position in sorted(runs, key=lambda run: (run[0] - run[1], run[0], run[2])):
        if end - start < GUARANTEE:
            break
        for a, b in list(_free(taken, start, end)):
            insort(taken, (a, b))
            there = position + a - start
            kept.append(Aligned(source, a, b, there, there + b - a, b - a, ((a, b),)))
    return sorted(kept, key=lambda copy: copy.start)


def _overlaps(taken: Sequence[tuple[int, int]], start: int, end: int) -> bool:
    return next(_free(taken, start, end), None) != (start, end)


def _free(taken: Sequence[tuple[int, int]], start: int, end: int) -> Iterator[tuple[int, int]]:
    """What of `[start, end)` lies in none of the disjoint spans `taken`."""
    at = bisect_right(taken, (start, start))
    at -= at > 0 and taken[at - 1][1] > start
    for first, behind in taken[at : bisect_left(taken, (end, end))]:
        if start < first:
            yield start, first
        start = max(start, behind)
    if start < end:
        yield start, end
