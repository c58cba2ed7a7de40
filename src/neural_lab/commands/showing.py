"""A kept report, shown again."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import typer

from neural_lab.commands.audit import switches, write_page
from neural_lab.entry import Entry
from neural_lab.errors import InvalidRequest
from neural_lab.report import audit_html, audit_json, audit_kept, audit_terminal, library_words, words
from neural_lab.report.as_json import dumps
from neural_lab.report.characters import one_line
from neural_lab.report.streams import console, speaks_utf8

Wanted = tuple[Sequence[str] | None, int | None, Sequence[int] | None]
"""Kinds that are excluded, what is small, and sources that are excluded, as they were given."""


def show_entry(entry: Entry, wanted: Wanted, html: Path | None, *, as_json: bool) -> None:
    """Raises `InvalidRequest` for a damaged entry, and for exclusions where nothing was audited."""
    row = json.loads(entry.report)
    audit = row if entry.kind == "audit" else row.get("audit")
    if audit is None and (any(wanted) or html):
        raise InvalidRequest("no_audit", f"Report {entry.id} holds no audit that these options could change.")
    found = audit_kept.restored(audit, entry.text) if audit else None
    if found and any(wanted):
        found = replace(found, switches=switches(*wanted, template=bool(found.facts.template)))
    if html and found:
        write_page(html, audit_html.page([found], []))
    if as_json:
        again = audit_json.document(found) if found else None
        shown = again if entry.kind == "audit" else row | {"audit": again}
        typer.echo(dumps(_about(entry) | {"report": shown}, ascii_only=not speaks_utf8(sys.stdout)))
        return
    out = console(sys.stdout)
    out.print(one_line(f"{entry.created[:16].replace('T', ' ')} UTC · {entry.title or entry.path}"))
    if entry.kind == "check":
        _show_check(row, entry)
    if found and not html:
        audit_terminal.show(out, found)


def _about(entry: Entry) -> dict[str, Any]:
    names = ("id", "kind", "created", "title", "path", "detector")
    return {
        "schema": 1,
        **{name: getattr(entry, name) for name in names},
        "settings": json.loads(entry.settings),
    }


def _show_check(row: dict[str, Any], entry: Entry) -> None:
    """Verdict, probability, and the sentences that were flagged."""
    out = console(sys.stdout)
    out.print(f"{words.VERDICTS[entry.verdict]}: {words.percent(row['probability'])} ({entry.detector})")
    flagged = [sentence for sentence in row["sentences"] if sentence["flagged"]]
    out.print(library_words.flagged(len(flagged), len(row["sentences"])))
    for sentence in flagged:
        out.print(f"  {words.percent(sentence['probability'])}  {one_line(sentence['text'])}")
