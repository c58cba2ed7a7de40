"""A stretch that a document shares with a source."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from neural_lab.types import Span


class MatchKind(StrEnum):
    VERBATIM = "verbatim"
    NEAR_COPY = "near_copy"


@dataclass(frozen=True, slots=True)
class Match:
    """`span` of the document stands, letter for letter or nearly so, in `source_span` of a source.

    `similarity` is the share of the letters of the longer side that both have in
    runs of four and more; 1 for a verbatim match. `runs` are the spans of the document
    inside it that stand letter for letter in the source, those of 40 letters and more.
    """

    span: Span
    source: int
    source_span: Span
    similarity: float
    kind: MatchKind
    runs: tuple[Span, ...] = ()


@dataclass(frozen=True, slots=True)
class Shared:
    """What a document shares with a library: matches by place in the document, and common text.

    Matches of one source don't overlap in the document. Common text stands in too
    many sources to say where it is from.
    """

    matches: tuple[Match, ...]
    common: tuple[Span, ...]


def union(spans: Sequence[Span]) -> list[Span]:
    """The same places as disjoint spans in order; spans that touch become one."""
    merged: list[Span] = []
    for span in sorted(spans):
        if merged and span.start <= merged[-1].end:
            merged[-1] = Span(merged[-1].start, max(merged[-1].end, span.end))
        else:
            merged.append(span)
    return merged


def coverage(matches: Sequence[Match], characters: int) -> float:
    """Share of `characters` inside matches, in [0, 1]; what lies in several counts once."""
    return sum(span.length for span in union([match.span for match in matches])) / characters
