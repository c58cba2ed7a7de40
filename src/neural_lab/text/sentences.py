"""Sentences: the unit that is scored and highlighted.

nupunkt (Punkt with a learned list of abbreviations) proposes the boundaries
inside a block; what it cannot know is mended here: reference marks and closing
quotes stay with the sentence they close, a bare list marker with the one it
opens, and a sentence nobody stopped is cut where a reader would breathe.
"""

import re
from collections.abc import Iterator
from functools import cache
from itertools import pairwise
from typing import Protocol, cast

from neural_lab.text.blocks import blocks
from neural_lab.types import Sentence, Span

LONGEST = 600
_EARLIEST, _REMAINDER = 200, 150

_LETTER = re.compile(r"[^\W\d_]")
_VISIBLE = re.compile(r"\S")
_CLOSING = re.compile(
    r"(?:\[\d{1,3}(?:\s?[,\u2013-]\s?\d{1,3})*\]|[.!?\u2026)\]}\u201d\u2019\u00bb]|[\"'](?=\s|$))+"
)
# Punkt ends a sentence here when the next word often begins one: "Dr. Who", "e.g. The".
_NEVER_LAST = re.compile(r"\b(?:e\.g|i\.e|cf|vs|viz|[DM]rs?|Ms|Prof|Messrs|Figs?|Eqs?)\.$")
_WIDE_STOP = re.compile(r"[\u3002\uff01\uff1f\u061f\u0964]+")
_BREATHS = tuple(
    re.compile(pattern)
    for pattern in (
        r"[;:](?=\s)",
        r",(?=\s)|\s(?=[\u2013\u2014-]\s)",
        r"\s(?=(?:and|but|or|which|that|because|while|who|where|when|so|then)\b)",
        r"\s",
    )
)


class _Punkt(Protocol):
    def span_tokenize(self, text: str) -> Iterator[tuple[int, int]]: ...


def segment(text: str) -> list[Sentence]:
    """Sentences of `text`; none is blank, begins or ends in space, or is longer than `LONGEST`."""
    return [Sentence(index, span) for index, span in enumerate(_spans(text))]


def _spans(text: str) -> Iterator[Span]:
    for block in blocks(text):
        for start, end in pairwise(_boundaries(block.of(text))):
            yield from _cut(text, block.start + start, block.start + end)


def _boundaries(block: str) -> list[int]:
    """Where sentences begin and end in `block`: each has a letter, unless the block has none."""
    kept, letter = [0], _next_letter(block, 0)
    for proposed in _proposals(block):
        closing = _CLOSING.match(block, proposed)
        end = closing.end() if closing else proposed
        if end > letter:
            kept.append(end)
            letter = _next_letter(block, end)
    rest_joins_the_last = letter == len(block) and len(kept) > 1
    return [*(kept[:-1] if rest_joins_the_last else kept), len(block)]


def _proposals(block: str) -> list[int]:
    proposed = {end for _, end in _punkt().span_tokenize(block)}
    stopped = {end for end in proposed if not _NEVER_LAST.search(block, max(end - 8, 0), end)}
    return sorted(stopped.union(match.end() for match in _WIDE_STOP.finditer(block)))


def _next_letter(block: str, at: int) -> int:
    found = _LETTER.search(block, at)
    return found.start() if found else len(block)


def _cut(text: str, start: int, end: int) -> Iterator[Span]:
    """`[start, end)` without outer space, in pieces no longer than `LONGEST`."""
    end = start + len(text[start:end].rstrip())
    while visible := _VISIBLE.search(text, start, end):
        start = visible.start()
        stop = end if end - start <= LONGEST else _breath(text, start, end)
        yield Span(start, start + len(text[start:stop].rstrip()))
        start = stop


def _breath(text: str, start: int, end: int) -> int:
    """Where to cut a sentence that goes on too long: after a clause, else a word, else at the limit."""
    latest = min(start + LONGEST, end - _REMAINDER)
    for pattern in _BREATHS:
        last = max((match.end() for match in pattern.finditer(text, start + _EARLIEST, latest)), default=0)
        if last:
            return last
    return latest


@cache
def _punkt() -> _Punkt:
    """The default model, loaded with the first text: importing this module stays cheap."""
    import nupunkt

    return cast(_Punkt, nupunkt.load("default"))
