"""Marked text to paragraphs: the last step of every format that has markup.

Readers write these marks where their format has a boundary. They are control
characters that no such format can hold, or, where it can, that mean the same.
The marks around a quotation mean nothing else, so they are code points that
no decoded text holds.
"""

from __future__ import annotations

import re
from collections.abc import Callable

PARAGRAPH, LINE, CELL = "\x1c", "\x1d", "\x1e"
QUOTE, UNQUOTE = "\udc01", "\udc02"

_SPACES = re.compile(r"[ \t\n\r\f]+")


def squeeze(source: str) -> str:
    """Source text whose spacing means nothing; odd spaces are left for the findings."""
    return _SPACES.sub(" ", source)


def unquoted(marked: str) -> str:
    """Without the marks around quotations; whatever else is marked stays."""
    return marked.replace(QUOTE, "").replace(UNQUOTE, "")


def paragraphs(marked: str) -> str:
    """Paragraphs separated by a blank line, lines by a line break, cells by a tab; none of them blank."""
    return _joined(unquoted(marked), PARAGRAPH, "\n\n", _lines)


def _lines(marked: str) -> str:
    return _joined(marked, LINE, "\n", _cells)


def _cells(marked: str) -> str:
    return "\t".join(cell.strip(" \t\n") for cell in marked.split(CELL)).strip("\t")


def _joined(marked: str, mark: str, separator: str, inner: Callable[[str], str]) -> str:
    parts = (inner(part) for part in marked.split(mark))
    return separator.join(part for part in parts if part.strip())
