"""Passages shown to the ends of their words, whatever letter they begin and end with."""

from __future__ import annotations

import re

from neural_lab.types import Span

# A script that puts no spaces between words has every character as a word.
UNSPACED = "\u0e00-\u0eff\u3040-\u30ff\u3400-\u9fff\U00020000-\U0003ffff"
_LETTER = re.compile(rf"(?![{UNSPACED}])[^\W_]")
WIDEST = 40
"""Of a word that a passage begins or ends in, no more characters than these are looked at."""


def widened(span: Span, text: str) -> Span:
    """`span` with the words it begins and ends in made whole."""
    if not 0 <= span.start < span.end <= len(text):
        return span
    first = _word_start(span.start, text) if _is_letter(text, span.start) else span.start
    behind = _word_end(span.end, text) if _is_letter(text, span.end - 1) else span.end
    return Span(first, behind)


def parts(span: Span, wide: Span, text: str, *, begins: bool, ends: bool) -> tuple[str, Span, str]:
    """The first word of a passage that was widened, what lies between, and the last word.

    The words are empty where the passage neither `begins` nor `ends` inside of one.
    """
    first = min(_word_end(span.start, text), span.end) if begins else span.start
    last = max(_word_start(span.end, text), first) if ends else span.end
    return text[wide.start : first], Span(first, last), text[last : wide.end]


def _word_start(at: int, text: str) -> int:
    least = max(at - WIDEST, 0)
    while at > least and _is_letter(text, at - 1):
        at -= 1
    return at


def _word_end(at: int, text: str) -> int:
    most = min(at + WIDEST, len(text))
    while at < most and _is_letter(text, at):
        at += 1
    return at


def _is_letter(text: str, at: int) -> bool:
    return _LETTER.match(text, at) is not None
