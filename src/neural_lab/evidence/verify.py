"""All that can be checked of a pack, in order."""

from __future__ import annotations

from dataclasses import replace
from hashlib import sha256
from typing import Any

from neural_lab.evidence import attached
from neural_lab.evidence.canonical import DIGEST, digest
from neural_lab.evidence.checks import Check, Code, State, Why
from neural_lab.evidence.consistency import FOLLOWING, consistency, misplaced
from neural_lab.evidence.fields import Field
from neural_lab.evidence.known import check_known
from neural_lab.evidence.opening import Opened
from neural_lab.evidence.recomputed import detector, is_same, recomputed
from neural_lab.evidence.restored import document_of, restored, text_of
from neural_lab.outcome import Report
from neural_lab.service import Lab

Values = dict[str, Any]
TEXT, FILE = "text", "FILE"


def verify(opened: Opened, lab: Lab | None, given: str | None = None) -> list[Check]:
    """Checks of a pack with `lab`, or without one, on the text in it and on a text that was `given`.

    Raises `InvalidRequest` for what is no pack.
    """
    values, pack = opened.values, Field(opened.values)
    check_known(pack)
    own = text_of(pack)
    others = [
        name for name, text in ((TEXT, own), (FILE, given)) if text and not _is_of(text, values["report"])
    ]
    text = None if others else own or given
    report = restored(pack, text)
    checks = [Check(Code.READABLE), _digest(values), *_within(values, report, text, others)]
    stopped = any(check.why is Why.STOPPED for check in checks)
    checks += _beside(opened, text, stopped=stopped)
    return [*checks, *_by_detector(values, report, text, None if stopped else lab, stopped=stopped)]


def _digest(values: Values) -> Check:
    return Check.of(Code.DIGEST, [] if values[DIGEST] == digest(values) else [DIGEST])


def _is_of(text: str, row: Values) -> bool:
    found = sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
    return bool(found == row["text_sha256"] and len(text) == row["characters"])


def _within(values: Values, report: Report, text: str | None, others: list[str]) -> list[Check]:
    """Whether the report agrees with the text, and with itself."""
    placed = list(misplaced(report, whole=text is not None))
    if placed or others:
        checks = [Check.of(Code.TEXT, others), Check.of(Code.SENTENCES, placed)]
        return [*checks, *(Check.open(code, Why.STOPPED) for code in FOLLOWING)]
    found = consistency(values["report"], report, with_text=values["text"] is not None)
    checks = [Check.of(code, [f"report.{place}" for place in places]) for code, places in found.items()]
    return checks if text is not None else [_without_text(check) for check in checks]


def _without_text(check: Check) -> Check:
    """The SHA-256 alone says nothing, and of the sentences only their order can be seen."""
    if check.code is Code.TEXT and check.state is State.AGREES:
        return Check.open(check.code, Why.NO_TEXT)
    return replace(check, why=Why.NO_TEXT) if check.code is Code.SENTENCES else check


def _beside(opened: Opened, text: str | None, *, stopped: bool) -> list[Check]:
    """What goes with the report."""
    values, pack = opened.values, Field(opened.values)
    checks = [attached.limits(values)]
    if opened.page is not None:
        checks.append(Check.open(Code.PAGE, Why.STOPPED) if stopped else attached.page(values, opened.page))
    if trail := pack.maybe("trail"):
        checks.append(attached.chain(trail, values["report"]["text_sha256"]))
    if values["audit"] is not None:
        checks.append(Check.open(Code.AUDIT, Why.STOPPED) if stopped else attached.audit(values, text))
    return checks


def _by_detector(
    values: Values, report: Report, text: str | None, lab: Lab | None, *, stopped: bool
) -> list[Check]:
    """What only the detector that made a report can tell."""
    codes = Code.DETECTOR, Code.RECOMPUTED
    if lab is None or not is_same(values, lab):
        why = Why.STOPPED if stopped else Why.OTHER_DETECTOR if lab else Why.NO_DETECTOR
        return [Check.open(code, why) for code in codes]
    known = detector(values, report, lab)
    if text is None:
        return [known, Check.open(Code.RECOMPUTED, Why.NO_TEXT)]
    return [known, recomputed(values, document_of(Field(values), text), lab)]
