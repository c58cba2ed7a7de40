"""Evidence packs on their way into a file: of a document that is checked now, or of a kept report."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from neural_lab.audit.audited import Audited
from neural_lab.audit.scope import Scope
from neural_lab.commands.showing import read_report
from neural_lab.compose import open_lab
from neural_lab.errors import InvalidRequest
from neural_lab.evidence.attached import whole_trail
from neural_lab.evidence.differences import differences
from neural_lab.evidence.opening import open_path
from neural_lab.evidence.pack import pack, told
from neural_lab.evidence.paper import Form, written
from neural_lab.files import in_folder, refuse_inputs, replacing
from neural_lab.guard import tell
from neural_lab.kept import searched
from neural_lab.report import audit_kept, evidence_words
from neural_lab.types import Document

if TYPE_CHECKING:
    from neural_lab.entry import Entry
    from neural_lab.outcome import Report
    from neural_lab.service import Lab

FORMS = {".html": Form.HTML, ".htm": Form.HTML, ".json": Form.JSON}
ALIKE = 1e-6


@dataclass(frozen=True, slots=True)
class Packing:
    """A file for the evidence, whether the text goes in, and the file of a draft's trail, or None."""

    to: Path
    with_text: bool = True
    trail: Path | None = None

    @classmethod
    def of(
        cls, to: Path | None, inputs: Sequence[Path], without_text: bool, trail: Path | None = None
    ) -> Packing | None:
        """Raises `InvalidRequest` for what cannot become evidence of one document."""
        if to is None:
            _refuse_alone(without_text, trail)
            return None
        if to.suffix.lower() not in FORMS:
            raise InvalidRequest("evidence_name", f"{to}: name an .html or a .json file for the evidence.")
        if len(inputs) != 1:
            raise InvalidRequest("one_document", "Evidence is made of one document: name one file.")
        refuse_inputs(to, [*inputs, *([trail] if trail else [])])
        in_folder(to)
        return cls(to, not without_text, trail)

    def write(self, report: Report, lab: Lab, audit: Audited | None, scope: Scope | None) -> None:
        """Raises `InvalidRequest` for a trail that is none."""
        trail = whole_trail(open_path(self.trail).values) if self.trail else None
        values = pack(report, lab, audit, scope, trail, with_text=self.with_text)
        with replacing(self.to) as file:
            file.write(written(values, FORMS[self.to.suffix.lower()]))
        tell(evidence_words.written(str(self.to), values["digest"]))

    def write_kept(self, entry: Entry) -> None:
        """Evidence of a kept check. Raises `InvalidRequest` where it does not come out again."""
        lab = open_lab()
        self.write(_again(entry, lab), lab, *_audit_of(entry))


def _again(entry: Entry, lab: Lab) -> Report:
    """The report of a kept check, made again. Raises `InvalidRequest` where it comes out otherwise."""
    if entry.kind != "check":
        raise InvalidRequest("no_check", f"Report {entry.id} is an audit: evidence is made of checks.")
    settings, row = json.loads(entry.settings), read_report(entry)
    audit = row.get("audit")
    pages = audit_kept.restored(audit, entry.text).document.pages if audit else ()
    document = Document(entry.text, entry.title, entry.path, pages)
    report = lab.analyze(document, *(settings[key] for key in ("target", "genre", "writer")))
    own = told(report)
    found = differences({key: kept for key, kept in row.items() if key in own}, own)
    if any(each.size is None or each.size > ALIKE for each in found):
        said = (
            f"Report {entry.id} does not come out again from what was kept: check its file with --evidence."
        )
        raise InvalidRequest("not_again", said)
    return report


def _audit_of(entry: Entry) -> tuple[Audited | None, Scope | None]:
    """What a kept check shares with a library, and how much that held."""
    row = read_report(entry).get("audit")
    return (audit_kept.restored(row, entry.text), searched(entry)) if row else (None, None)


def _refuse_alone(without_text: bool, trail: Path | None) -> None:
    named = {"--without-text": without_text, "--trail": trail}
    for option in (name for name, given in named.items() if given):
        raise InvalidRequest("no_evidence", f"{option} goes with --evidence OUT.")
