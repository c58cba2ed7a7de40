"""Matches that do not count, and why; decided anew from stored matches whenever a switch is turned."""

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import islice

from neural_lab.audit.match import Match, union
from neural_lab.types import Span

MOSTLY = 0.5


class Exclusion(StrEnum):
    """Why a match does not count; the first that applies is named."""

    ITSELF = "itself"
    SOURCES = "sources"
    DRAFTS = "drafts"
    TEMPLATE = "template"
    QUOTATIONS = "quotations"
    BIBLIOGRAPHY = "bibliography"
    SMALL = "small"


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known of a document beside its matches: spans of it, and numbers of sources."""

    quotations: tuple[Span, ...] = ()
    bibliography: tuple[Span, ...] = ()
    template: tuple[Span, ...] = ()
    itself: frozenset[int] = frozenset()
    drafts: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Switches:
    """What does not count. `smaller_than` is in characters of the document; `sources` are numbers."""

    quotations: bool = False
    bibliography: bool = False
    template: bool = False
    drafts: bool = False
    itself: bool = True
    smaller_than: int = 0
    sources: frozenset[int] = frozenset()


def excluded_by(matches: Sequence[Match], facts: Facts, switches: Switches) -> list[Exclusion | None]:
    """For each match why it does not count, or None.

    One that lies for `MOSTLY` of its characters in excluded places is excluded.
    """
    kinds = {
        Exclusion.TEMPLATE: facts.template if switches.template else (),
        Exclusion.QUOTATIONS: facts.quotations if switches.quotations else (),
        Exclusion.BIBLIOGRAPHY: facts.bibliography if switches.bibliography else (),
    }
    places = {kind: union(spans) for kind, spans in kinds.items() if spans}
    return [_by_source(match, facts, switches) or _by_place(match, places, switches) for match in matches]


def _by_source(match: Match, facts: Facts, switches: Switches) -> Exclusion | None:
    if switches.itself and match.source in facts.itself:
        return Exclusion.ITSELF
    if match.source in switches.sources:
        return Exclusion.SOURCES
    return Exclusion.DRAFTS if switches.drafts and match.source in facts.drafts else None


def _by_place(match: Match, places: dict[Exclusion, list[Span]], switches: Switches) -> Exclusion | None:
    for kind, spans in places.items():
        if _inside(match.span, spans) >= MOSTLY * match.span.length:
            return kind
    return Exclusion.SMALL if match.span.length < switches.smaller_than else None


def _inside(span: Span, places: Sequence[Span]) -> int:
    """Characters of `span` inside `places`, which are disjoint and in order."""
    first = max(bisect_right(places, (span.start, span.start)) - 1, 0)
    found = 0
    for place in islice(places, first, None):
        if place.start >= span.end:
            break
        found += max(0, min(span.end, place.end) - max(span.start, place.start))
    return found
