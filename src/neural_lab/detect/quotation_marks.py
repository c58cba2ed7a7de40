"""Runs of text between quotation marks."""

import re
from collections.abc import Iterator

from neural_lab.types import Span

_LONGEST = 5_000
_PAIRS = {
    '"': '"\u201d',
    "\u201c": '\u201d"',
    "\u201e": '\u201c\u201d"',
    "\u201d": "\u201d",
    "\u00ab": "\u00bb",
    "\u00bb": "\u00ab\u00bb",
    "\u2039": "\u203a",
    "\u203a": "\u2039\u203a",
    "\u2018": "\u2019",
}
_MARK = re.compile(r'["\u201c\u201d\u201e\u00ab\u00bb\u2039\u203a]')
# A closing single mark is an apostrophe too: only beside punctuation or before a place ("p. 3") it is one.
# A double mark that opens inside a single one, or closes outside it, shows that the single one is astray.
_SINGLE = re.compile(
    r"[\u2018\u201c\u201d]|(?<=[.,;:!?\u2026])\u2019(?!\w)|\u2019(?=[.,;:!?]|\s?[(\[][^()\[\]\n]{0,80}\d)"
)
_OPENS = re.compile(r'(?<!\w)(?:["\u201c-\u201e\u00bb\u203a](?=\S)|[\u00ab\u2039][^\S\n]?(?=\S))')
_OPENS_SINGLE = re.compile(r"(?<!\w)\u2018(?=\S)")
# The number of a note may follow a mark that can only close.
_CLOSES = re.compile(
    r'(?<=\S)(?:["\u00ab\u201c\u2039](?!\w)|[\u201d\u2019\u00bb\u203a](?![^\W\d]))|(?<=\S\s)[\u00bb\u203a](?!\w)'
)
_SPACED = "\u00ab\u2039"
_BLANK_LINE = re.compile(r"\n[^\S\n]*\n")


def marked_off(text: str) -> Iterator[Span]:
    """Spans of `text` from an opening to its closing mark, in order for each kind of marks.

    They are at most 5000 characters long and stand within one paragraph, or
    begin each of several with an opening mark, of which the last is closed.
    Between two marks there is none, so a mark without a partner costs one run
    and not the text. Single marks count in their curved form only.
    """
    for mark, opens in ((_MARK, _OPENS), (_SINGLE, _OPENS_SINGLE)):
        yield from _runs(text, (match.start() for match in mark.finditer(text)), opens)


def _runs(text: str, marks: Iterator[int], opens: re.Pattern[str]) -> Iterator[Span]:
    start = before = -1
    for at in marks:
        gap = text[before + 1 : at] if start >= 0 and at - before <= _LONGEST + 1 else ""
        if gap and _closes(text, start, at) and not _BLANK_LINE.search(gap):
            yield Span(start, at + 1)
            start = -1
        elif not (gap and text[at] == text[start] and _goes_on(gap)):
            start = at if opens.match(text, at) else -1
        before = at


def _closes(text: str, start: int, at: int) -> bool:
    spaced = text[at - 1].isspace() and text[start] not in _SPACED
    return text[at] in _PAIRS[text[start]] and not spaced and bool(_CLOSES.match(text, at))


def _goes_on(gap: str) -> bool:
    """Whether the mark after it begins the next paragraph, or line."""
    paragraph = gap.rstrip()
    return "\n" in gap[len(paragraph) :] and not _BLANK_LINE.search(paragraph)
