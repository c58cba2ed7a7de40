"""What the reports for people derive from an `Audited`; nothing here is shown differently in two places."""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from neural_lab.audit.audited import Audited
from neural_lab.audit.exclusions import Exclusion
from neural_lab.audit.match import Match, MatchKind, coverage
from neural_lab.audit.source import Source
from neural_lab.report.characters import one_line
from neural_lab.types import Document, Span


@dataclass(frozen=True, slots=True)
class Shown:
    """A match with its number, from 1 by place in the document, and why it does not count, or None."""

    number: int
    match: Match
    reason: Exclusion | None


@dataclass(frozen=True, slots=True)
class Contribution:
    """What of a document one source shares: the share and the number of its matches that count."""

    source: Source
    share: float
    matches: int
    kinds: tuple[MatchKind, ...]


def source_name(audited: Audited, number: int) -> str:
    """What a source is called; its number where it is not known."""
    source = audited.sources.get(number)
    return (one_line(source.title) or one_line(source.path) if source else "") or f"No. {number}"


def ambiguous(audited: Audited) -> frozenset[int]:
    """Sources that are called the same as another one."""
    names = {number: source_name(audited, number) for number in audited.sources}
    often = Counter(names.values())
    return frozenset(number for number, name in names.items() if often[name] > 1)


def shown(audited: Audited) -> list[Shown]:
    """All matches in order."""
    pairs = zip(audited.matches, audited.excluded, strict=True)
    return [Shown(n, match, reason) for n, (match, reason) in enumerate(pairs, 1)]


def by_source(matches: Iterable[Match]) -> dict[int, list[Match]]:
    """Matches of each source, in one pass: there may be as many sources as matches."""
    found: dict[int, list[Match]] = {}
    for match in matches:
        found.setdefault(match.source, []).append(match)
    return found


def contributions(audited: Audited) -> list[Contribution]:
    """All sources that have a match, the largest share first, those whose matches do not count last."""
    counted, characters = by_source(audited.counted), len(audited.document.text)
    found = (
        _contribution(source, counted.get(number, []), characters)
        for number, source in audited.sources.items()
    )
    return sorted(found, key=lambda each: (-each.share, each.source.id))


def _contribution(source: Source, matches: Sequence[Match], characters: int) -> Contribution:
    kinds = {match.kind for match in matches}
    ordered = tuple(kind for kind in MatchKind if kind in kinds)
    return Contribution(source, coverage(matches, characters), len(matches), ordered)


def counting(audited: Audited) -> int:
    """How many sources have a match that counts."""
    return len({match.source for match in audited.counted})


def covered(audited: Audited) -> int:
    """Characters of the document inside matches that count."""
    return round(audited.coverage * len(audited.document.text))


def page_of(document: Document, span: Span) -> int | None:
    """The page that a span begins on, None where the file had no pages."""
    at = bisect_right(document.pages, span.start, key=lambda page: page.span.start)
    return document.pages[at - 1].number if at else None
