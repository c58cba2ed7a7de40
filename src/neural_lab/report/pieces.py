"""A text cut at every border of what is marked in it, however the marks overlap."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import IntEnum
from heapq import heappop, heappush
from itertools import pairwise

from neural_lab.types import Span


class Rank(IntEnum):
    """What a mark stands for; of marks at one place the first of these is shown."""

    COUNTED = 0
    EXCLUDED = 1
    COMMON = 2


@dataclass(frozen=True, slots=True)
class Mark:
    """A marked place of the text; `number` tells marks of one rank apart."""

    span: Span
    rank: Rank
    number: int


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch with the same marks from end to end: the one shown, and how many others that count."""

    span: Span
    mark: Mark | None
    others: int


def pieces(length: int, marks: Sequence[Mark]) -> Iterator[Piece]:
    """The whole of a text of `length`, in order and without gaps.

    Of several marks of a rank the one that begins last is shown, so that a passage
    inside a longer one is seen. In O(n log n), however many marks lie over one another.
    """
    waiting = sorted(marks, key=lambda mark: mark.span, reverse=True)
    borders = sorted({0, length, *(border for mark in marks for border in mark.span)})
    active: list[tuple[int, int, int, Mark]] = []
    ends: list[int] = []
    for start, end in pairwise(borders):
        while waiting and waiting[-1].span.start <= start:
            _begin(waiting.pop(), active, ends)
        while ends and ends[0] <= start:
            heappop(ends)
        while active and active[0][-1].span.end <= start:
            heappop(active)
        mark = active[0][-1] if active else None
        yield Piece(Span(start, end), mark, max(len(ends) - 1, 0))


def _begin(mark: Mark, active: list[tuple[int, int, int, Mark]], ends: list[int]) -> None:
    heappush(active, (mark.rank, -mark.span.start, mark.number, mark))
    if mark.rank is Rank.COUNTED:
        heappush(ends, mark.span.end)
