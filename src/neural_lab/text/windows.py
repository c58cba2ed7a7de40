"""Where a language model's windows begin and end in a long row of tokens."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

CONTEXT, SHORTEST, LONGEST = 128, 192, 384
_MIX, _MASK = 0x9E3779B97F4A7C15, (1 << 64) - 1


class Window(NamedTuple):
    """Tokens `[first, end)` are scored, those of `[start, first)` only read."""

    start: int
    first: int
    end: int


def windows(ids: Sequence[int]) -> Iterator[Window]:
    """Windows that together score every token exactly once, with at least a quarter of real left context.

    Each ends at the pair of tokens with the smallest hash within its reach, so
    the cuts depend on what stands there and not on how much came before: an
    edit changes the windows of its neighbourhood, and those behind it fall into
    step again.
    """
    first = 0
    while first < len(ids):
        end = _cut(ids, first)
        yield Window(max(first - CONTEXT, 0), first, end)
        first = end


def _cut(ids: Sequence[int], first: int) -> int:
    if len(ids) - first <= LONGEST:
        return len(ids)
    return min(range(first + SHORTEST, first + LONGEST + 1), key=lambda at: _hash(ids[at - 1], ids[at]))


def _hash(left: int, right: int) -> int:
    mixed = (((left << 32) | right) * _MIX) & _MASK
    return ((mixed ^ (mixed >> 29)) * _MIX) & _MASK
