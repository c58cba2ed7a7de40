"""Blocks: paragraphs, headings and list items, the runs of lines that no sentence crosses."""

import re
from collections.abc import Iterator

from neural_lab.types import Span

_BULLET = r"[-*+\u2022\u2023\u25aa\u25cf\u25e6\u2043\u2219\u00b7\u2013\u2014]"
_NUMBER = r"\(?(?:\d{1,3}|[A-Za-z])\)|(?:\d{1,3}|[a-z]|[IVX]{1,4})\.|\d{1,2}(?:\.\d{1,2}){1,3}\.?"
_MARKED = re.compile(rf"\s*(?:(?:{_BULLET}|{_NUMBER}|#{{1,6}}|>)\s|\||\[\d{{1,3}}\]\s+[\"\u201cA-Z])")
_RULE = re.compile(r"\s*([-=*_~#])(?:\s*\1){2,}\s*$")
_NUMBERED = re.compile(r"#{1,6}\s|\d{1,2}(?:\.\d{1,2}){0,3}\.?\s+[^\W\d_]")
_STOPPED = re.compile(r"[.!?:;\u2026\u3002][\"')\]\u2019\u201d]*\s*$")
_MINOR = r"an?|and|as|at|but|by|for|from|if|in|into|nor|of|on|or|over|per|the|to|via|vs|with"
_MINOR_WORD = re.compile(rf"(?:{_MINOR}|[\W\d_].*)$", re.IGNORECASE)
_HEADING_LENGTH = 90
# A line as long as this was not wrapped by hand or by a printer: its end is a paragraph's.
_UNWRAPPED = 200
_NEIGHBOURS = 3
# A wrapped line is ragged by up to a long word, so a break is deliberate only well short of the width.
_RAGGED = 0.75


def blocks(text: str) -> list[Span]:
    """Blocks of `text` in order; together they cover every character, line breaks included."""
    lines = text.splitlines(keepends=True)
    found, start, at = [], 0, 0
    for line, parted in zip(lines, _partings(lines), strict=True):
        if parted and at > start:
            found.append(Span(start, at))
            start = at
        at += len(line)
    return [*found, Span(start, at)] if at > start else found


def _partings(lines: list[str]) -> Iterator[bool]:
    """For each line, whether a block begins with it."""
    headings = [_is_heading(lines, at) for at in range(len(lines))]
    for at, line in enumerate(lines):
        yield at == 0 or headings[at] or headings[at - 1] or _begins(lines, at, line)


def _begins(lines: list[str], at: int, line: str) -> bool:
    before = lines[at - 1]
    if (
        not line.strip()
        or not before.strip()
        or _MARKED.match(line)
        or _RULE.match(line)
        or _RULE.match(before)
    ):
        return True
    return _is_deliberate(before, line, _width(lines, at))


def _is_deliberate(before: str, line: str, width: int) -> bool:
    """Whether a line break stands where the next word would still have fitted."""
    if width > _UNWRAPPED:
        return True
    words = line.split(maxsplit=1)
    return not words[0][0].islower() and len(before.rstrip()) + 1 + len(words[0]) <= _RAGGED * width


def _width(lines: list[str], at: int) -> int:
    return max(len(line.rstrip()) for line in lines[max(0, at - _NEIGHBOURS) : at + _NEIGHBOURS])


def _is_heading(lines: list[str], at: int) -> bool:
    """A short line of its own, without a stop, numbered or in title case, before a line that begins anew."""
    line = lines[at].strip()
    if not line or len(line) > _HEADING_LENGTH or _STOPPED.search(line):
        return False
    if at and lines[at - 1].strip() and not _STOPPED.search(lines[at - 1]):
        return False
    following = lines[at + 1].strip() if at + 1 < len(lines) else ""
    return not following[:1].islower() and (bool(_NUMBERED.match(line)) or _is_title(line))


def _is_title(line: str) -> bool:
    words = [word for word in line.split() if not _MINOR_WORD.match(word)]
    return bool(words) and all(word[0].isupper() for word in words)
