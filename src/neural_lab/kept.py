"""What is kept of a report: its JSON, its text, and what it was made with."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import Any

from neural_lab.audit.audited import Audited
from neural_lab.audit.scope import Scope
from neural_lab.backends.clock import utc
from neural_lab.batch import Asked
from neural_lab.entry import Entry
from neural_lab.outcome import Report
from neural_lab.report import audit_json
from neural_lab.report.as_json import document, dumps
from neural_lab.report.as_shown import shown
from neural_lab.types import Document


def check_entry(report: Report, shared: Audited | None, asked: Asked, scope: Scope | None = None) -> Entry:
    """What is kept of a report, with what it shares with a library and how much that held."""
    settings = {"target": asked.target, "genre": asked.genre, "writer": asked.writer, **_searched(scope)}
    audit = audit_json.document(shared) if shared else None
    row = document(report) | {"audit": audit, "shown": shown(report)}
    return Entry(
        **_about(report.document, "check", row, settings),
        detector=f"{report.detector} {report.version}",
        verdict=report.verdict.value,
        probability=report.probability,
        coverage=shared.coverage if shared else None,
    )


def audit_entry(found: Audited, scope: Scope | None = None) -> Entry:
    """What is kept of an audit."""
    row = audit_json.document(found)
    about = _about(found.document, "audit", row, row["exclusions"] | _searched(scope))
    return Entry(**about, detector="", verdict="", probability=None, coverage=found.coverage)


def searched(entry: Entry) -> Scope | None:
    """How much was searched for an entry, None where that was not kept."""
    kept = json.loads(entry.settings or "{}").get("library")
    return Scope(kept["sources"], kept["characters"], tuple(kept["collections"])) if kept else None


def _searched(scope: Scope | None) -> dict[str, Any]:
    return {"library": asdict(scope)} if scope else {}


def _about(given: Document, kind: str, row: dict[str, Any], settings: object) -> dict[str, Any]:
    return {
        "kind": kind,
        "created": utc(),
        "title": given.title,
        "path": given.path,
        "text": given.text,
        "settings": dumps(settings, ascii_only=True),
        "report": dumps(row, ascii_only=True),
    }


def row(entry: Entry) -> dict[str, Any]:
    """An entry as plain values, what is JSON inside it as such."""
    found = {"schema": 1, **asdict(entry)}
    for name in ("settings", "report"):
        found[name] = _read(found[name])
    return found


def _read(written: str) -> Any:
    """JSON as such; what is damaged stays the text that it is."""
    try:
        return json.loads(written) if written else None
    except ValueError:
        return written
