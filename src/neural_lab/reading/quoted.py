"""Where the text that a reader made stands between marks of a quotation."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from neural_lab.reading.layout import QUOTE, UNQUOTE
from neural_lab.types import Span

_SOLID = re.compile(rf"[^\s{QUOTE}{UNQUOTE}]+")
_PIECE = re.compile(rf"[{QUOTE}{UNQUOTE}]|{_SOLID.pattern}")


def quoted(marked: str, text: str) -> tuple[Span, ...]:
    """Spans of `text`, which `paragraphs` made of `marked`, that stand between marks; in order and disjoint.

    Making paragraphs takes away and puts in white space only, so the n-th
    character that is none is the same in both. A mark without a partner means nothing.
    """
    if QUOTE not in marked:
        return ()
    counted = merged(_counted(marked))
    places = _places(text, [count for start, end in counted for count in (start, end - 1)])
    return tuple(Span(start, last + 1) for start, last in zip(places, places, strict=True))


def with_marks(text: str, spans: Iterable[Span]) -> str:
    """`text` with the marks that `quoted` reads."""
    pieces: list[str] = []
    at = 0
    for start, end in spans:
        pieces += text[at:start], QUOTE, text[start:end], UNQUOTE
        at = end
    return "".join((*pieces, text[at:]))


def shifted(spans: Iterable[Span], by: int) -> Iterator[Span]:
    return (Span(start + by, end + by) for start, end in spans)


def merged(spans: Iterable[Span]) -> list[Span]:
    """In order, and one where they overlap."""
    kept: list[Span] = []
    for span in sorted(spans):
        if kept and span.start < kept[-1].end:
            kept[-1] = Span(kept[-1].start, max(kept[-1].end, span.end))
        else:
            kept.append(span)
    return kept


def _counted(marked: str) -> Iterator[Span]:
    """In characters that are no white space, counted from the beginning."""
    open_at: list[int] = []
    count = 0
    for piece in _PIECE.findall(marked):
        if piece == QUOTE:
            open_at.append(count)
        elif piece != UNQUOTE:
            count += len(piece)
        elif open_at and (start := open_at.pop()) < count:
            yield Span(start, count)


def _places(text: str, counts: list[int]) -> Iterator[int]:
    """Where in `text` the characters of these numbers, which grow, stand."""
    wanted = iter(counts)
    count, seen = next(wanted, None), 0
    for run in _SOLID.finditer(text):
        while count is not None and count < seen + len(run[0]):
            yield run.start() + count - seen
            count = next(wanted, None)
        seen += len(run[0])
