"""A text with what its file said of it: given back when a file is read, and handed in with the text."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Any

from pydantic import BeforeValidator, Field, StringConstraints, ValidationInfo, field_validator

from neural_lab.api.schemas import Given, Text, Title, Versioned
from neural_lab.types import Document, Page, Span

MOST_QUOTATIONS, MOST_PAGES, MOST_TOGETHER = 10_000, 2_000, 20_000
"""Places of one text, and of all texts of one request."""
DISORDER = "has to lie inside the text, one behind the other"
Place = Annotated[int, Field(ge=0, le=2**31 - 1, description="In code points of the text.")]
FilePath = Annotated[str, StringConstraints(max_length=4_096)]


class Stretch(Given):
    """Half-open."""

    start: Place
    end: Place

    @property
    def span(self) -> Span:
        return Span(self.start, self.end)


class NumberedPage(Stretch):
    number: Annotated[int, Field(ge=1, le=2**31 - 1)]

    @property
    def page(self) -> Page:
        return Page(self.number, self.span)


class ReadText(Given):
    """`quoted` and `pages` are those of `/v1/texts`: a text has them as long as nobody edits it."""

    text: Text
    title: Title = ""
    path: FilePath = Field("", description="Where the document was read from.")
    quoted: list[Stretch] = Field(default_factory=list, max_length=MOST_QUOTATIONS)
    pages: list[NumberedPage] = Field(default_factory=list, max_length=MOST_PAGES)

    @field_validator("quoted", "pages")
    @classmethod
    def _ordered(cls, given: list[Stretch], info: ValidationInfo) -> list[Stretch]:
        text = info.data.get("text")
        if text is not None and not _inside([each.span for each in given], len(text)):
            raise ValueError(DISORDER)
        return given

    @field_validator("pages")
    @classmethod
    def _numbered(cls, given: list[NumberedPage]) -> list[NumberedPage]:
        numbers = [each.number for each in given]
        if numbers != sorted(set(numbers)):
            raise ValueError("needs numbers that grow")
        return given

    def document(self) -> Document:
        quoted = tuple(each.span for each in self.quoted)
        return Document(self.text, self.title, self.path, tuple(each.page for each in self.pages), quoted)


class FileText(Versioned):
    """The text of a file as reports read it, and what its markup says."""

    text: str
    title: str = Field(description="The file's own, else its name.")
    path: str = Field(description="The name under which it was sent.")
    pages: list[NumberedPage] = Field(description="Pages with text; empty where files of the kind have none.")
    quoted: list[Stretch] = Field(description="What the markup calls a quotation.")
    characters: int
    words: int
    kind: str = Field(examples=["pdf", "docx", "odt", "epub", "html", "latex", "markdown", "text"])


def _few_places(given: Any) -> Any:
    """Looked at before any is read: every one costs time."""
    documents = [each for each in given if isinstance(each, dict)] if isinstance(given, list) else []
    lists = [each.get(name) for each in documents for name in ("quoted", "pages")]
    if sum(len(each) for each in lists if isinstance(each, list)) > MOST_TOGETHER:
        raise ValueError(f"may have {MOST_TOGETHER:,} quotations and pages together")
    return given


FewPlaces = BeforeValidator(_few_places)


def stretches(spans: Sequence[Span]) -> list[Stretch]:
    return [Stretch(start=start, end=end) for start, end in spans]


def numbered(pages: Sequence[Page]) -> list[NumberedPage]:
    return [NumberedPage(number=page.number, start=page.span.start, end=page.span.end) for page in pages]


def _inside(spans: Sequence[Span], length: int) -> bool:
    """Whether no span is empty, and each ends before the next begins and before the text does."""
    borders = [border for span in spans for border in span]
    return borders == sorted(borders) and all(map(_long, spans)) and (not borders or borders[-1] <= length)


def _long(span: Span) -> bool:
    return span.length > 0
