"""From letters back to characters: the spans of a copy in both texts."""

from dataclasses import dataclass

from neural_lab.audit.alignment import Aligned
from neural_lab.audit.letters import Letters
from neural_lab.types import Span


@dataclass(frozen=True, slots=True)
class Side:
    """A text and its letters."""

    text: str
    letters: Letters

    def before(self, start: int) -> str:
        """The characters without letters before letter `start`."""
        behind = int(self.letters.offsets[start - 1]) + 1 if start else 0
        return self.text[behind : int(self.letters.offsets[start])]

    def behind(self, end: int) -> str:
        """The characters without letters behind the letters that go up to `end`."""
        last = int(self.letters.offsets[end - 1]) + 1
        return self.text[last:] if self.ends(end) else self.text[last : int(self.letters.offsets[end])]

    def ends(self, end: int) -> bool:
        return end == len(self.letters)


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
    head = own.before(0)
    return len(head) if head == other.before(0) else 0


def _tail(copy: Aligned, own: Side, other: Side) -> int:
    here, there = own.behind(copy.end), other.behind(copy.behind)
    if here == there and own.ends(copy.end) and other.ends(copy.behind):
        return len(here)
    pairs = zip(here, there, strict=False)
    return next((at for at, (a, b) in enumerate(pairs) if a != b or a.isspace()), min(len(here), len(there)))
