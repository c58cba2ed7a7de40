"""How much of a text is quoted: words that may be another writer's."""

import re
from collections.abc import Iterator

from neural_lab.text.words import count_words
from neural_lab.types import Span

LEAST_WORDS = 40
"""Shorter quotations count as the writer's own text, as dialogue does."""

_PARAGRAPH = re.compile(r"\S(?:[^\n]|\n(?![^\S\n]*\n))*")
_OPENING, _CLOSING = '"\u201c\u201e\u00ab\u00bb', '"\u201c\u201d\u00ab\u00bb'
# Between two marks there is none, so a mark without a partner costs one run and not the text.
_RUN = re.compile(
    rf"(?<!\w)[{_OPENING}](?=\S)([^{_OPENING}{_CLOSING}]{{1,5000}})(?<=\S)[{_CLOSING}](?!\w)"
    r"|(?<!\w)\u2018(?=\S)([^\u2018\u201c]{1,5000}?)(?:(?<=[.,;:!?\u2026])\u2019(?!\w)|\u2019(?=[.,;:!?]))"
)
# Python's prompt is no quotation.
_BLOCK = re.compile(r"^[^\S\n]*>(?!>>).*$", re.MULTILINE)


def quoted_share(text: str) -> float:
    """Share of the characters of `text`, white space apart, that are quoted; 0 for a blank text.

    Quoted are lines that begin with `>`, and runs of 40 words and more between
    quotation marks within one paragraph. Single marks count in their curved form
    only, and only where the closing one stands beside punctuation: it is an
    apostrophe too.
    """
    whole = _characters(text)
    return sum(_characters(span.of(text)) for span in quotations(text)) / whole if whole else 0.0


def quotations(text: str, least_words: int = LEAST_WORDS) -> list[Span]:
    """Spans of `text` that are quoted, in order and disjoint; runs of fewer words are not."""
    found = sorted([*_blocks(text), *_runs(text, least_words)])
    kept: list[Span] = []
    for span in found:
        start = max(span.start, kept[-1].end) if kept else span.start
        if start < span.end:
            kept.append(Span(start, span.end))
    return kept


def _blocks(text: str) -> Iterator[Span]:
    return (Span(*match.span()) for match in _BLOCK.finditer(text))


def _runs(text: str, least_words: int) -> Iterator[Span]:
    for paragraph in _PARAGRAPH.finditer(text):
        for run in _RUN.finditer(text, *paragraph.span()):
            if count_words(run[1] or run[2]) >= least_words:
                yield Span(*run.span())


def _characters(text: str) -> int:
    return sum(map(len, text.split()))
