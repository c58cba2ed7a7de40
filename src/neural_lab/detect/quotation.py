"""How much of a text is quoted: words that may be another writer's."""

import re
from collections.abc import Iterable, Iterator

from neural_lab.detect.quotation_marks import marked_off
from neural_lab.text.words import count_words
from neural_lab.types import Document, Span

LEAST_WORDS = 40
"""Shorter quotations count as the writer's own text, as dialogue does."""

# Python's prompt is no quotation.
_BLOCK = re.compile(r"^[^\S\n]*>(?!>>).*$", re.MULTILINE)


def quoted_share(text: str, marked: Iterable[Span] = ()) -> float:
    """Share of the characters of `text`, white space apart, that are quoted; 0 for a blank text.

    Quoted are block quotations (lines that begin with `>`, and what the file's
    markup calls a quotation: `marked`), and runs of 40 words and more between
    quotation marks.
    """
    whole = _characters(text)
    spans = quotations(text, LEAST_WORDS, marked)
    return sum(_characters(span.of(text)) for span in spans) / whole if whole else 0.0


def quotations_in(document: Document, least_words: int = LEAST_WORDS) -> tuple[Span, ...]:
    return tuple(quotations(document.text, least_words, document.quoted))


def quotations(text: str, least_words: int = LEAST_WORDS, marked: Iterable[Span] = ()) -> list[Span]:
    """Spans of `text` that are quoted, in order and disjoint; runs of fewer words are not."""
    inline = (span for span in marked_off(text) if count_words(span.of(text)) >= least_words)
    kept: list[Span] = []
    for span in sorted([*_blocks(text), *inline, *_counting(text, least_words, marked)]):
        within = bool(kept) and span.start < kept[-1].end
        start, end = kept.pop() if within else span
        kept.append(Span(start, max(end, span.end)))
    return kept


def _blocks(text: str) -> Iterator[Span]:
    return (Span(*match.span()) for match in _BLOCK.finditer(text))


def _counting(text: str, least_words: int, marked: Iterable[Span]) -> Iterator[Span]:
    """Blocks at any length; what stands within a paragraph has as many words as a run between marks."""
    for span in marked:
        block = text[span.start - 1 : span.start] in ("", "\n") and text[span.end : span.end + 1] in (
            "",
            "\n",
        )
        if block or count_words(span.of(text)) >= least_words:
            yield span


def _characters(text: str) -> int:
    return sum(map(len, text.split()))
