"""What one reader found in a file."""

from __future__ import annotations

from dataclasses import dataclass

from neural_lab.reading.layout import paragraphs
from neural_lab.reading.quoted import quoted
from neural_lab.types import Page, Span


@dataclass(frozen=True, slots=True)
class Content:
    """Text in paragraphs (but for plain text, which is left alone), the title it gives itself, its pages.

    `quoted` is what the file's markup calls a quotation, in order and disjoint.
    """

    text: str
    title: str = ""
    pages: tuple[Page, ...] = ()
    quoted: tuple[Span, ...] = ()

    @classmethod
    def of(cls, marked: str, title: str) -> Content:
        text = paragraphs(marked)
        return cls(text, title, quoted=quoted(marked, text))
