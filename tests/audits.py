"""Small audits and comparisons to test what is shown of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from neural_lab.audit.audited import Audited, Cohort
from neural_lab.audit.match import Match, MatchKind
from neural_lab.audit.source import Source
from neural_lab.types import Document, Span

TEXT = "Opening words. The quick brown fox jumps over the lazy dog today. Closing words, and some more."
OTHER = "Before. The quick brown fox jumps over the lazy dog today. Behind."
NEARLY = "The quick red fox leaps over the lazy dog today"
QUICK = Span(15, 65)


def source(number: int, title: str = "", path: str = "", characters: int = 10_000_000) -> Source:
    name = title or f"Source {number}"
    return Source(
        number, name, path, "2020-01-31", "en", "library", characters, "0" * 64, "2024-05-06T07:08:09"
    )


def match(span: Span, number: int, there: Span, similarity: float = 1.0) -> Match:
    """A match with a source; one that is less than 1 similar is a near copy."""
    kind = MatchKind.VERBATIM if similarity == 1 else MatchKind.NEAR_COPY
    return Match(span, number, there, similarity, kind, (span,) if similarity == 1 else ())


def audited(
    matches: Sequence[Match] = (),
    text: str = TEXT,
    *,
    title: str = "An essay",
    path: str = "essay.txt",
    sources: Mapping[int, Source] | None = None,
    common: Sequence[Span] = (),
    **more: Any,
) -> Audited:
    """An audit of `text`; `more` are further fields of it."""
    known = {each.source: source(each.source) for each in matches} if sources is None else sources
    return Audited(Document(text, title, path), tuple(matches), tuple(common), known, **more)


def two_sources(**more: Any) -> Audited:
    """One passage that stands word for word in source 1 and nearly so in source 2."""
    found = [match(QUICK, 1, Span(8, 58)), match(Span(15, 64), 2, Span(0, 47), 0.85)]
    return audited(found, **({"texts": {1: OTHER, 2: NEARLY}} | more))


def cohort(*names: str) -> Cohort:
    """The first two documents share a passage; the others share nothing."""
    titles = names or ("First", "Second", "Third")
    here = match(QUICK, 2, Span(8, 58)), match(Span(8, 58), 1, QUICK)
    known = {n: source(n, title) for n, title in enumerate(titles, 1)}
    first = audited(here[:1], TEXT, title=titles[0], sources={2: known[2]}, texts={2: OTHER})
    second = audited(here[1:], OTHER, title=titles[1], sources={1: known[1]}, texts={1: TEXT})
    others = (audited((), f"Nothing of it in {name!a}.", title=name) for name in titles[2:])
    return Cohort((first, second, *others))
