"""Pairs of compared documents, with the passages that they share."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from neural_lab.audit.audited import Cohort
from neural_lab.report.audit_facts import Shown, shown


@dataclass(frozen=True, slots=True)
class Pair:
    """Two documents by place, from 0, `share` being the larger of both shares.

    The matches are those of document `a`, with `b` as their source.
    """

    a: int
    b: int
    share: float
    matches: tuple[Shown, ...]


def pairs(cohort: Cohort) -> Iterator[Pair]:
    """Pairs that share anything, the most similar first.

    Where nothing of `a` counts, because of an exclusion that holds there only, the
    matches are those of `b`, turned round.
    """
    found = [_by_source(shown(audited)) for audited in cohort.audits]
    for a, b, share in cohort.pairs():
        if cohort.matrix[a][b] > 0:
            yield Pair(a, b, share, tuple(found[a][b + 1]))
        else:
            yield Pair(a, b, share, tuple(_turned(each, b) for each in found[b][a + 1]))


def _by_source(matches: list[Shown]) -> dict[int, list[Shown]]:
    found: dict[int, list[Shown]] = {}
    for each in matches:
        found.setdefault(each.match.source, []).append(each)
    return found


def _turned(each: Shown, source: int) -> Shown:
    match = each.match
    return replace(
        each, match=replace(match, span=match.source_span, source=source + 1, source_span=match.span)
    )
