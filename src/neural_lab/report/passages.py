"""Two passages side by side: which of their words both have."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass

from rapidfuzz.distance import Indel

from neural_lab.audit.letters import letters
from neural_lab.audit.match import Match, MatchKind
from neural_lab.report.whole_words import UNSPACED, parts, widened
from neural_lab.types import Span

# A script that puts no spaces between words is compared character by character.
_LETTERS = rf"(?:(?![{UNSPACED}])[^\W_])+"
_WORD = re.compile(rf"[{UNSPACED}]|{_LETTERS}(?:['\u2019]{_LETTERS})*")
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
    """Both passages up to about `longest` characters, by stretches that are the same or differ.

    They are shown to the ends of their words.
    """
    here, there = widened(match.span, own), widened(match.source_span, other)
    if match.kind is MatchKind.VERBATIM:
        found = _verbatim(match, (here, own), (there, other), AHEAD * longest)
    else:
        found = _stretches(*(_head(*each, AHEAD * longest) for each in ((here, own), (there, other))))
    kept = tuple(_cut(found, longest))
    seen = sum(len(each.own) for each in kept), sum(len(each.other) for each in kept)
    return SideBySide(kept, here.length - seen[0], there.length - seen[1])


def alone(match: Match, own: str, longest: int) -> SideBySide:
    """As `side_by_side` where the text of the source is not at hand: nothing on its side, nothing differs."""
    span = widened(match.span, own)
    here = _head(span, own, longest)
    return SideBySide((Stretch(here, "", True),), span.length - len(here), 0)


def marked(differing: str) -> tuple[str, str, str]:
    """What stands before the first word, the words, and what stands behind the last."""
    found = [word.span() for word in _WORD.finditer(differing)]
    start, end = (found[0][0], found[-1][1]) if found else (0, 0)
    return differing[:start], differing[start:end], differing[end:]


def _verbatim(
    match: Match, own: tuple[Span, str], other: tuple[Span, str], longest: int
) -> Iterator[Stretch]:
    """What is the same, between the words that it begins and ends inside of on either side."""
    (here, mine), (there, theirs) = own, other
    span, source = match.span, match.source_span
    begins = here.start < span.start or there.start < source.start
    ends = here.end > span.end or there.end > source.end
    before, inner, behind = parts(span, here, mine, begins=begins, ends=ends)
    first, inside, last = parts(source, there, theirs, begins=begins, ends=ends)
    yield Stretch(before, first, letters(before).text == letters(first).text)
    yield Stretch(_head(inner, mine, longest), _head(inside, theirs, longest), True)
    yield Stretch(behind, last, letters(behind).text == letters(last).text)


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
