"""Where a language model's windows begin and end in a long row of tokens."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

CONTEXT, SHORTEST, LONGEST = 128, 192, 384
FEWEST = 8
_MIX, _MASK = 0x9E3779B97F4A7C15, (1 << 64) - 1


class Window(NamedTuple):
    """Tokens `[first, end)` are scored, those of `[start, first)` only read."""

    start: int
    first: int
    end: int


class Reach(NamedTuple):
    """A window reads up to `context` tokens before the `shortest` to `longest` that it scores."""

    context: int
    shortest: int
    longest: int

    @classmethod
    def within(cls, limit: int, context: int | None = None) -> "Reach":
        """Windows of at most `limit` tokens, a quarter of them context unless said otherwise.

        Raises `ValueError` where that leaves next to nothing to score.
        """
        context = limit // 4 if context is None else context
        if context < 0 or limit - context < FEWEST:
            raise ValueError(f"a window needs room for {FEWEST} tokens besides its context")
        return cls(context, (limit - context) // 2, limit - context)


USUAL = Reach(CONTEXT, SHORTEST, LONGEST)


def windows(ids: Sequence[int], reach: Reach = USUAL) -> Iterator[Window]:
    """Windows that together score every token exactly once, each with all the context within `reach`.

    Each ends at the pair of tokens with the smallest hash within its reach, so
    the cuts depend on what stands there and not on how much came before: an
    edit changes the windows of its neighbourhood, and those behind it fall into
    step again.
    """
    first = 0
    while first < len(ids):
        end = _cut(ids, first, reach)
        yield Window(max(first - reach.context, 0), first, end)
        first = end


def _cut(ids: Sequence[int], first: int, reach: Reach) -> int:
    if len(ids) - first <= reach.longest:
        return len(ids)
    ends = range(first + reach.shortest, first + reach.longest + 1)
    return min(ends, key=lambda at: _hash(ids[at - 1], ids[at]))


def _hash(left: int, right: int) -> int:
    mixed = (((left << 32) | right) * _MIX) & _MASK
    return ((mixed ^ (mixed >> 29)) * _MIX) & _MASK
