"""One check with all it takes to look at it again: text, report, detector, options, limits."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from neural_lab.audit.audited import Audited
from neural_lab.audit.scope import Scope
from neural_lab.backends.clock import utc
from neural_lab.backends.release import release
from neural_lab.evidence.canonical import DIGEST, digest
from neural_lab.evidence.withheld import without_details, without_texts
from neural_lab.outcome import Report
from neural_lab.report import as_json, audit_json, evidence_words, words
from neural_lab.service import Lab
from neural_lab.types import Document

SCHEMA, KIND, PROGRAM = 1, "evidence", "neural-lab"
Values = dict[str, Any]


def pack(
    report: Report,
    lab: Lab,
    audit: Audited | None = None,
    scope: Scope | None = None,
    trail: Values | None = None,
    *,
    with_text: bool = True,
) -> Values:
    """A pack of a report that `lab` made, as plain values.

    `audit` is what its document shares with a library that holds `scope`; of `trail`,
    the JSON of a draft's trail, the chain is taken and the texts are not. Without its
    text only offsets and the SHA-256 are told.
    """
    document = report.document
    values: Values = {
        "schema": SCHEMA,
        "kind": KIND,
        "made": utc(),
        "program": {"name": PROGRAM, "version": release()},
        "detector": of_detector(lab),
        "options": _options(report),
        "text": document.text if with_text else None,
        "report": told(report, with_text=with_text),
        "measured": measured(report),
        "audit": audit_json.document(audit) if audit else None,
        "library": asdict(scope) | {"collections": list(scope.collections)} if audit and scope else None,
        "trail": without_texts(trail) if trail else None,
        "limits": [*words.LIMITS, *evidence_words.LIMITS],
    }
    return values | {DIGEST: digest(values)}


def told(report: Report, *, with_text: bool = True) -> Values:
    """What a pack tells of a report: its JSON, without any of its words where the text stays away."""
    row = as_json.document(report)
    return row if with_text else without_details(row)


def measured(report: Report) -> Values:
    """What the verdict goes by beside the report's JSON."""
    most = report.most_disagreement
    return {
        "words": report.words,
        "shortest_words": report.shortest_words,
        "known_words": report.known_words,
        "fewest_known": report.fewest_known,
        "genre_measured": report.genre_measured,
        "disagreement": report.disagreement,
        "most_disagreement": most if math.isfinite(most) else None,
    }


def of_detector(lab: Lab) -> Values:
    """What it takes to recognise a detector, to draw its report, and to see whether computers agree."""
    detector = lab.detector
    return {
        "name": detector.name,
        "version": detector.version,
        "identity": lab.identity,
        "files": dict(lab.files),
        "probe": list(lab.probe),
        "reference": _lists(detector.reference),
    }


def _lists(reference: Mapping[str, Mapping[str, Any]]) -> Values:
    return {name: {kind: list(usual) for kind, usual in kinds.items()} for name, kinds in reference.items()}


def _options(report: Report) -> Values:
    document: Document = report.document
    return {
        "max_false_positives": report.operating_point.target,
        "genre": report.declared_genre,
        "writer": report.declared_writer,
        "quoted": [_span(*span) for span in document.quoted],
        "pages": [{"number": page.number, **_span(*page.span)} for page in document.pages],
    }


def _span(start: int, end: int) -> Values:
    return {"start": start, "end": end}
