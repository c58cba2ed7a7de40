"""Two passages side by side: which of their words both have."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass

from rapidfuzz.distance import Indel

from neural_lab.audit.letters import letters
from neural_lab.audit.match import Match, MatchKind
from neural_lab.types import Span

# A script that puts no spaces between words is compared character by character.
_UNSPACED = "\u0e00-\u0eff\u3040-\u30ff\u3400-\u9fff\U00020000-\U0003ffff"
_LETTERS = rf"(?:(?![{_UNSPACED}])[^\W_])+"
_WORD = re.compile(rf"[{_UNSPACED}]|{_LETTERS}(?:['\u2019]{_LETTERS})*")
AHEAD = 2
"""Of either side so many times the length shown is compared: what is cut off may stand in the other."""


@dataclass(frozen=True, slots=True)
class Stretch:
    """A piece of both sides; `same` if its words have the same letters. Either side may be empty."""

    own: str
    other: str
    same: bool


@dataclass(frozen=True, slots=True)
class SideBySide:
    """The beginning of two passages, and how many characters of each are left out behind it."""

    stretches: tuple[Stretch, ...]
    own_rest: int
    other_rest: int


@dataclass(frozen=True, slots=True)
class _Words:
    """The letters of the words of a text, and where each of them begins and ends."""

    keys: list[str]
    starts: list[int]
    ends: list[int]


def side_by_side(match: Match, own: str, other: str, longest: int) -> SideBySide:
    """Both passages up to about `longest` characters, by stretches that are the same or differ."""
    here, there = (_head(*each, AHEAD * longest) for each in ((match.span, own), (match.source_span, other)))
    whole = match.kind is MatchKind.VERBATIM
    kept = tuple(_cut(iter([Stretch(here, there, True)]) if whole else _stretches(here, there), longest))
    seen = sum(len(each.own) for each in kept), sum(len(each.other) for each in kept)
    return SideBySide(kept, match.span.length - seen[0], match.source_span.length - seen[1])


def alone(match: Match, own: str, longest: int) -> SideBySide:
    """As `side_by_side` where the text of the source is not at hand: nothing on its side, nothing differs."""
    here = _head(match.span, own, longest)
    return SideBySide((Stretch(here, "", True),), match.span.length - len(here), 0)


def marked(differing: str) -> tuple[str, str, str]:
    """What stands before the first word, the words, and what stands behind the last."""
    found = [word.span() for word in _WORD.finditer(differing)]
    start, end = (found[0][0], found[-1][1]) if found else (0, 0)
    return differing[:start], differing[start:end], differing[end:]


def _head(span: Span, text: str, longest: int) -> str:
    return text[span.start : min(span.end, span.start + longest)]


def _cut(stretches: Iterator[Stretch], room: int) -> Iterator[Stretch]:
    """Stretches as long as neither side is longer than `room`, the last of them shortened."""
    own_room = other_room = room
    for each in stretches:
        kept = Stretch(each.own[:own_room], each.other[:other_room], each.same)
        if kept.own or kept.other:
            yield kept
        if kept != each:
            return
        own_room, other_room = own_room - len(each.own), other_room - len(each.other)


def _stretches(own: str, other: str) -> Iterator[Stretch]:
    """All of both texts, in order, by runs of equal words and what lies between those."""
    mine, theirs = _words(own), _words(other)
    at, there = 0, 0
    for block in Indel.editops(mine.keys, theirs.keys).as_matching_blocks():
        if not block.size:
            continue
        start, position = mine.starts[block.a], theirs.starts[block.b]
        yield Stretch(own[at:start], other[there:position], _blank(own[at:start] + other[there:position]))
        at, there = mine.ends[block.a + block.size - 1], theirs.ends[block.b + block.size - 1]
        yield Stretch(own[start:at], other[position:there], True)
    yield Stretch(own[at:], other[there:], _blank(own[at:] + other[there:]))


def _blank(between: str) -> bool:
    """Whether a text has no words."""
    return _WORD.search(between) is None


def _words(text: str) -> _Words:
    found = letters(text)
    offsets, folded = found.offsets.tolist(), found.text
    spans = [word.span() for word in _WORD.finditer(text)]
    borders = [(bisect_left(offsets, start), bisect_left(offsets, end)) for start, end in spans]
    keys = [folded[first:behind] for first, behind in borders]
    return _Words(keys, [start for start, _ in spans], [end for _, end in spans])
