"""What one reader found in a file."""

from __future__ import annotations

from dataclasses import dataclass

from neural_lab.types import Page


@dataclass(frozen=True, slots=True)
class Content:
    """Text in paragraphs (but for plain text, which is left alone), the title it gives itself, its pages."""

    text: str
    title: str = ""
    pages: tuple[Page, ...] = ()
