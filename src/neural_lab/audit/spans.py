"""From letters back to characters: the spans of a copy in both texts."""

from typing import NamedTuple

from neural_lab.audit.alignment import Aligned
from neural_lab.audit.letters import Letters
from neural_lab.types import Span


class Side(NamedTuple):
    """A text and its letters."""

    text: str
    letters: Letters

    def head(self) -> str:
        """The characters before the first letter."""
        return self.text[: self.letters.offsets.item(0)]

    def behind(self, end: int) -> str:
        """The characters without letters behind the letters that go up to `end`."""
        offsets = self.letters.offsets
        following = offsets.item(end) if end < len(offsets) else len(self.text)
        return self.text[offsets.item(end - 1) + 1 : following]

    def ends(self, end: int) -> bool:
        return end == len(self.letters.offsets)


def spans(copy: Aligned, own: Side, other: Side) -> tuple[Span, Span]:
    """Spans of a copy in both texts, with the marks that follow it in both.

    What stands before the first letter of both texts, or behind the last, belongs to it
    if it is the same, so that a text is covered to its last character by its own copy.
    """
    here = own.letters.span(copy.start, copy.end)
    there = other.letters.span(copy.position, copy.behind)
    before, after = _head(copy, own, other), _tail(copy, own, other)
    return Span(here.start - before, here.end + after), Span(there.start - before, there.end + after)


def _head(copy: Aligned, own: Side, other: Side) -> int:
    if copy.start or copy.position:
        return 0
    head = own.head()
    return len(head) if head == other.head() else 0


def _tail(copy: Aligned, own: Side, other: Side) -> int:
    here, there = own.behind(copy.end), other.behind(copy.behind)
    if here == there and own.ends(copy.end) and other.ends(copy.behind):
        return len(here)
    found = 0
    for one, two in zip(here, there, strict=False):
        if one != two or one.isspace():
            break
        found += 1
    return found
