"""Lines of one PDF page to paragraphs.

A PDF has no paragraphs, only characters at places; the breaks below are those a
reader sees: another size, a gap, an indent, a line that ends early, a list item.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from statistics import median
from typing import Any

from neural_lab.reading.layout import PARAGRAPH, paragraphs

# PDFium writes U+0002 for a hyphen at a line's end, and no line break after it.
_LINE = re.compile(r"[^\r\n\x02]+\x02?")
_UNPRINTED = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\ufffe\uffff]")
_BROKEN = re.compile(r"\w[-\xad\u2010]\Z")
_ENDED = re.compile(r"[.!?:\u2026][\"')\]\u201d\u2019\u00bb]*\Z")
_ITEM = re.compile(r"(?:[\u2022\u25aa\u25e6\u2023\u25cf*\u2013-]|\(?\d{1,3}[.)]|\(?[a-z][.)])\s")
# In units of the line's height or its usual pitch; chosen on typeset single- and double-spaced pages.
_OTHER_SIZE, _GAP, _WIDEST_PITCH, _INDENT, _EARLY = 1.15, 1.3, 2.5, 0.7, 4.0
_COLUMN = 36


@dataclass(frozen=True, slots=True)
class Line:
    """`left` and `top_base` are its first character's, `right` and `base` its last one's, in points."""

    text: str
    left: float
    right: float
    top_base: float
    base: float
    height: float


def page_text(layer: Any) -> str:
    """Paragraphs of a page from PDFium's text layer."""
    lines = list(_lines(layer))
    rights = _column_rights(lines)
    pitch = _usual_pitch(lines)
    text = lines[0].text if lines else ""
    pieces = [text]
    for above, below in pairwise(lines):
        new = _breaks(above, below, pitch, rights[int(above.left // _COLUMN)])
        pieces.append(PARAGRAPH + below.text if new else below.text)
    return paragraphs(_run_on(pieces))


def run_on(before: str, after: str) -> tuple[str, str]:
    """What stays of `before` and what joins it to `after`: a hyphen within a word that goes on is dropped."""
    if not _BROKEN.search(before):
        return before, " "
    one_word = before[-2].isalpha() and after[:1].islower()
    return before[:-1] + ("" if one_word else "-"), ""


def is_open(text: str) -> bool:
    """Whether a sentence seems to go on after this."""
    return not _ENDED.search(text)


def _run_on(pieces: list[str]) -> str:
    kept: list[str] = []
    for piece, after in pairwise([*pieces, PARAGRAPH]):
        head, joint = (piece, "") if after.startswith(PARAGRAPH) else run_on(piece, after)
        kept += (head, joint)
    return "".join(kept)


def _lines(layer: Any) -> Iterator[Line]:
    from pypdfium2.raw import FPDFText_GetUnicode

    characters = "".join(chr(FPDFText_GetUnicode(layer.raw, i)) for i in range(layer.count_chars()))
    for match in _LINE.finditer(characters):
        shown = match[0].strip()
        if shown:
            first = match.start() + match[0].index(shown[0])
            yield _line(layer, _clean(shown), first, first + len(shown) - 1)


def _clean(text: str) -> str:
    """Where PDFium's characters are 16 bits wide, pairs become one; what has no letter goes."""
    text = text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    return _UNPRINTED.sub("", text.replace("\x02", "-"))


def _line(layer: Any, text: str, first: int, last: int) -> Line:
    left, bottom, _, top = layer.get_charbox(first, loose=True)
    _, base, right, _ = layer.get_charbox(last, loose=True)
    return Line(text, left, right, bottom, base, max(top - bottom, 1.0))


def _column_rights(lines: list[Line]) -> dict[int, float]:
    """The right margin of each column, columns being told by where lines begin."""
    rights: dict[int, float] = defaultdict(float)
    for line in lines:
        column = int(line.left // _COLUMN)
        rights[column] = max(rights[column], line.right)
    return rights


def _usual_pitch(lines: list[Line]) -> float:
    pitches = [above.base - below.top_base for above, below in pairwise(lines)]
    downward = [pitch for pitch in pitches if pitch > 0]
    return median(downward) if downward else 0.0


def _breaks(above: Line, below: Line, pitch: float, right: float) -> bool:
    sizes = sorted((above.height, below.height))
    if sizes[1] > sizes[0] * _OTHER_SIZE or _ITEM.match(below.text):
        return True
    drop = above.base - below.top_base
    if drop > min(pitch * _GAP, max(above.height * _WIDEST_PITCH, pitch)):
        return True
    indented = drop >= 0 and below.left - above.left > above.height * _INDENT
    return not is_open(above.text) and (indented or right - above.right > above.height * _EARLY)
