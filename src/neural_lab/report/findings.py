"""Findings, one line per kind."""

from collections.abc import Iterator, Sequence

from neural_lab.report import words
from neural_lab.report.characters import one_line
from neural_lab.report.facts import grouped
from neural_lab.types import Finding

_SHOWN = 8


def finding_lines(findings: Sequence[Finding]) -> Iterator[str]:
    """Per kind: how many, where the first of them stand, and what was noted about them."""
    for kind, group in grouped(findings).items():
        starts = [finding.span.start for finding in group[:_SHOWN]]
        details = dict.fromkeys(one_line(f.detail) for f in group[:_SHOWN] if f.detail)
        where = words.positions(starts, len(group) - len(starts))
        yield f"{words.finding(kind, len(group))} {where}" + (f" ({', '.join(details)})" if details else "")
