"""The one JSON form of reports, described in `docs/output.md`. Numbers are never rounded."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Sequence
from dataclasses import asdict
from typing import Any

from neural_lab.errors import LabError
from neural_lab.outcome import ErrorRow, OperatingPoint, Report, SentenceScore
from neural_lab.report.characters import well_formed
from neural_lab.report.facts import defined, page_numbers
from neural_lab.types import Finding

SCHEMA = 1

Failures = Sequence[tuple[str, LabError]]
"""Inputs that gave no report: their path and why."""


def envelope(reports: Iterable[Report], errors: Failures, detector: tuple[str, str]) -> dict[str, Any]:
    """Reports and failures of one run, as plain values whose strings UTF-8 can hold."""
    return {
        "schema": SCHEMA,
        "detector": dict(zip(("name", "version"), detector, strict=True)),
        "documents": [document(report) for report in reports],
        "errors": [{"path": well_formed(path), **failure(error)} for path, error in errors],
    }


_UNSAFE = re.compile("[\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")
"""Control and direction characters that JSON allows raw and a terminal would obey."""


def document(report: Report) -> dict[str, Any]:
    source = report.document
    paged = zip(report.sentences, page_numbers(report), strict=True)
    return {
        "path": well_formed(source.path),
        "title": well_formed(source.title),
        "text_sha256": source.text_sha256,
        "characters": len(source.text),
        **conclusion(report),
        "notes": [note.value for note in report.notes],
        "genres": list(report.genres),
        "error_rows": [_row(row) for row in report.error_rows],
        "language": report.language,
        "quoted_share": report.quoted_share,
        "share_flagged": report.share_flagged,
        "breakdown": asdict(report.breakdown),
        "sentences": [_sentence(report, *pair) for pair in paged],
        "findings": [_finding(finding) for finding in report.findings],
        "human_evidence": [_finding(slip) for slip in report.human_evidence],
    }


def conclusion(report: Report) -> dict[str, Any]:
    """What was concluded about a document: the same five fields in a report and in a row."""
    return {
        "probability": report.probability,
        "verdict": report.verdict.value,
        "reason": report.reason.value if report.reason else None,
        "operating_point": _row(report.operating_point),
        "error_row": _row(report.error_row) if report.error_row else None,
    }


def _row(rate: OperatingPoint | ErrorRow) -> dict[str, Any]:
    return {**asdict(rate), "interval": list(rate.interval)}


def failure(error: LabError) -> dict[str, str]:
    return {"code": error.code, "message": well_formed(error.message)}


def dumps(value: object, *, ascii_only: bool = False) -> str:
    """Standard JSON: a number that is not finite is refused instead of written as `NaN`."""
    text = json.dumps(value, ensure_ascii=ascii_only, allow_nan=False, indent=2)
    return _UNSAFE.sub(lambda found: f"\\u{ord(found.group()):04x}", text)


def _sentence(report: Report, score: SentenceScore, page: int | None) -> dict[str, Any]:
    span = score.sentence.span
    return {
        "index": score.sentence.index,
        "start": span.start,
        "end": span.end,
        "text": well_formed(span.of(report.document.text)),
        "probability": score.probability,
        "flagged": report.flags(score),
        **({"page": page} if page is not None else {}),
        "signals": defined(score.signals),
        "contributions": dict(score.contributions),
    }


def _finding(finding: Finding) -> dict[str, Any]:
    span = finding.span
    detail = well_formed(finding.detail)
    return {"kind": finding.kind.value, "start": span.start, "end": span.end, "detail": detail}
