"""The published view: overlapping fingerprints of 55 characters, told from runs that were verified."""

from collections.abc import Iterable, Iterator

from neural_lab.audit.match import Match, union
from neural_lab.types import Span

LENGTH = 55


def fingerprints(match: Match, length: int = LENGTH, stride: int = 1) -> Iterator[Span]:
    """Windows of `length` characters of the document that stand in the source of `match`."""
    for run in union(match.runs):
        yield from (Span(at, at + length) for at in range(run.start, run.end - length + 1, stride))


def found(matches: Iterable[Match], length: int = LENGTH) -> int:
    """How many windows of a document, one from each character on, stand in a source."""
    starts = [Span(r.start, r.end - length + 1) for m in matches for r in m.runs if r.length >= length]
    return sum(span.length for span in union(starts))
