"""Edited copies: the letters between and around the runs of a chain, aligned.

Letters count as kept where an alignment of least edits (Levenshtein 1966) leaves runs
of four and more of them equal; shorter ones are found between any two texts.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from rapidfuzz.distance import Levenshtein, MatchingBlock

from neural_lab.audit.chains import Chain, Run
from neural_lab.audit.fingerprints import GUARANTEE

LEAST_RUN = 4
AROUND, DROP = 400, 60
"""Letters looked at around a chain; so many more letters changed than kept end a copy."""
LEAST_KEPT, LEAST_SHARE = 60, 0.5


@dataclass(frozen=True, slots=True)
class Aligned:
    """Letters `[start, end)` of a document beside `[position, behind)` of a source; so many are `kept`.

    `runs` are stretches of the document of `GUARANTEE` letters and more that are the same.
    """

    source: int
    start: int
    end: int
    position: int
    behind: int
    kept: int
    runs: tuple[tuple[int, int], ...] = ()

    @property
    def similarity(self) -> float:
        """Share of the longer side that is kept, in (0, 1]."""
        return self.kept / max(self.end - self.start, self.behind - self.position)

    @property
    def verbatim(self) -> bool:
        return self.kept == self.end - self.start == self.behind - self.position


def aligned(chain: Chain, own: str, other: str) -> Iterator[Aligned]:
    """Copies along a chain, `own` and `other` being all letters of both sides; none where too little is kept.

    A run of `GUARANTEE` letters and more is always part of one.
    """
    if len(chain.runs) == 1:
        yield from _alone(chain)
        return
    for runs, inside in _unbroken(chain.runs, own, other):
        found = _grown(chain.source, runs, inside, own, other)
        if found.kept >= LEAST_KEPT and found.similarity >= LEAST_SHARE:
            yield found
        else:
            yield from (each for run in runs for each in _alone(Chain(chain.source, (run,))))


def _alone(chain: Chain) -> Iterator[Aligned]:
    ((start, end, position),) = chain.runs
    if end - start >= GUARANTEE:
        behind = position + end - start
        yield Aligned(chain.source, start, end, position, behind, end - start, ((start, end),))


def _unbroken(runs: tuple[Run, ...], own: str, other: str) -> Iterator[tuple[tuple[Run, ...], int]]:
    """Stretches without a hole in which much is changed and little kept, and the letters kept in holes."""
    first, inside = 0, 0
    for at, (one, two) in enumerate(pairwise(runs), 1):
        hole, there = own[one[1] : two[0]], other[one[2] + one[1] - one[0] : two[2]]
        kept = sum(block.size for block in _blocks(hole, there))
        if max(len(hole), len(there)) - 2 * kept > DROP:
            yield runs[first:at], inside
            first, inside = at, 0
        else:
            inside += kept
    yield runs[first:], inside


def _grown(source: int, runs: tuple[Run, ...], inside: int, own: str, other: str) -> Aligned:
    """Runs with what was kept between them and, as far as it is worth it, around them."""
    (start, _, position), (last, end, there) = runs[0], runs[-1]
    behind = there + end - last
    before = _onward(
        own[max(start - AROUND, 0) : start][::-1], other[max(position - AROUND, 0) : position][::-1]
    )
    after = _onward(own[end : end + AROUND], other[behind : behind + AROUND])
    kept = sum(b - a for a, b, _ in runs) + inside + before[2] + after[2]
    long = tuple((a, b) for a, b, _ in runs if b - a >= GUARANTEE)
    return Aligned(
        source, start - before[0], end + after[0], position - before[1], behind + after[1], kept, long
    )


def _onward(own: str, other: str) -> tuple[int, int, int]:
    """How far a copy goes on from the start of two pieces: letters of either, and of them kept."""
    best, most, score, kept, at, there = (0, 0, 0), 0, 0, 0, 0, 0
    for block in _blocks(own, other):
        score -= max(block.a - at, block.b - there)
        if score < most - DROP:
            break
        score, kept = score + block.size, kept + block.size
        at, there = block.a + block.size, block.b + block.size
        if score > most:
            best, most = (at, there, kept), score
    return best


def _blocks(own: str, other: str) -> Iterator[MatchingBlock]:
    """Where an alignment leaves `LEAST_RUN` letters and more equal, in order."""
    if not own or not other:
        return iter(())
    found = Levenshtein.editops(own, other).as_matching_blocks()
    return (block for block in found if block.size >= LEAST_RUN)
