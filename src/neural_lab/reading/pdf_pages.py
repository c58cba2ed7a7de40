"""Texts of pages to one text with the span of each page."""

from __future__ import annotations

from collections.abc import Sequence

from neural_lab.reading.pdf_lines import is_open, run_on
from neural_lab.types import Page, Span


def assembled(texts: Sequence[str]) -> tuple[str, tuple[Page, ...]]:
    """Pages without text have no span; a sentence that goes on over the page break stays one."""
    shown = [(number, text) for number, text in enumerate(texts, 1) if text]
    pieces: list[str] = []
    pages: list[Page] = []
    at = 0
    for index, (number, text) in enumerate(shown):
        head, joint = _joined(text, shown[index + 1][1]) if index + 1 < len(shown) else (text, "")
        pages.append(Page(number, Span(at, at + len(head))))
        pieces += (head, joint)
        at += len(head) + len(joint)
    return "".join(pieces), tuple(pages)


def _joined(text: str, following: str) -> tuple[str, str]:
    if is_open(text) and following[:1].islower():
        return run_on(text, following)
    return text, "\n\n"
