"""A kept report, shown again."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from neural_lab.audit.audited import Audited
from neural_lab.commands.excluding import switches
from neural_lab.commands.printing import print_audits, print_json, write_page
from neural_lab.commands.searched import check_sources
from neural_lab.entry import Entry
from neural_lab.errors import InvalidRequest
from neural_lab.files import fresh_page
from neural_lab.kept import searched
from neural_lab.ports import Library
from neural_lab.report import audit_html, audit_json, audit_kept, library_words, words
from neural_lab.report.characters import one_line
from neural_lab.report.streams import console


@dataclass(frozen=True, slots=True)
class Wanted:
    """Exclusions as they were given; `itself` is whether the document's own file shall count."""

    exclude: Sequence[str] | None = None
    smaller_than: int | None = None
    sources: Sequence[int] | None = None
    itself: bool = False

    def any(self) -> bool:
        return bool(self.exclude or self.smaller_than or self.sources or self.itself)

    def of(self, found: Audited) -> Audited:
        """An audit with these exclusions in the place of its own. Raises `InvalidRequest`."""
        check_sources(self.sources or (), found.sources, "of this audit")
        template = bool(found.facts.template)
        turned = switches(
            self.exclude, self.smaller_than, self.sources, template=template, itself=not self.itself
        )
        return replace(found, switches=turned)


def show_entry(
    entry: Entry, wanted: Wanted, html: Path | None, library: Library, *, as_json: bool, full: bool
) -> None:
    """Raises `InvalidRequest` for a damaged entry, and for exclusions where nothing was audited."""
    row = read_report(entry)
    audit = row if entry.kind == "audit" else row.get("audit")
    if audit is None and (wanted.any() or html):
        raise InvalidRequest("no_audit", f"Report {entry.id} holds no audit that these options could change.")
    found = _with_texts(audit_kept.restored(audit, entry.text), library) if audit else None
    if found and wanted.any():
        found = wanted.of(found)
    if html and found:
        write_page(fresh_page(html, []), audit_html.page([found], [], searched(entry)))
    if as_json:
        again = audit_json.document(found) if found else None
        print_json(_about(entry) | {"report": again if entry.kind == "audit" else row | {"audit": again}})
        return
    _show(entry, row)
    if found and not html:
        print_audits([found], searched(entry), full=full)


def read_report(entry: Entry) -> dict[str, Any]:
    """The report of an entry. Raises `InvalidRequest` when it is damaged."""
    try:
        row = json.loads(entry.report)
    except ValueError:
        row = None
    if not isinstance(row, dict):
        raise InvalidRequest("damaged_entry", f"Report {entry.id} is damaged and cannot be shown.")
    return row


def _with_texts(found: Audited, library: Library) -> Audited:
    """With the texts of those sources that the library still has as they were."""
    numbers = list(found.sources)
    now = library.sources(numbers) if numbers else []
    same = [each.id for each in now if each.sha256 == found.sources[each.id].sha256]
    return replace(found, texts=library.texts(same)) if same else found


def _about(entry: Entry) -> dict[str, Any]:
    names = ("id", "kind", "created", "title", "path", "detector")
    return {
        "schema": 1,
        **{name: getattr(entry, name) for name in names},
        "settings": json.loads(entry.settings),
    }


def _show(entry: Entry, row: dict[str, Any]) -> None:
    """What was kept and when; of a check the verdict, and the sentences that were flagged."""
    out = console(sys.stdout)
    out.print(one_line(f"{entry.created[:16].replace('T', ' ')} UTC · {entry.title or entry.path}"))
    if entry.kind != "check":
        return
    out.print(f"{words.VERDICTS[entry.verdict]}: {words.percent(row['probability'])} ({entry.detector})")
    flagged = [sentence for sentence in row["sentences"] if sentence["flagged"]]
    out.print(library_words.flagged(len(flagged), len(row["sentences"])))
    for sentence in flagged:
        out.print(f"  {words.percent(sentence['probability'])}  {one_line(sentence['text'])}")
