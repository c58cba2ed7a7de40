"""Whether what goes with a report agrees with itself: an audit, a draft's trail, and its page."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from neural_lab import trail
from neural_lab.backends.release import release
from neural_lab.errors import InvalidRequest
from neural_lab.evidence.checks import Check, Code, State, Why
from neural_lab.evidence.differences import differences
from neural_lab.evidence.fields import Field
from neural_lab.evidence.known import snapshots
from neural_lab.evidence.pack import SCHEMA
from neural_lab.evidence.paper import page_of
from neural_lab.evidence.withheld import without_texts
from neural_lab.report import audit_json, audit_kept, evidence_words, words
from neural_lab.trail import Flaw, Snapshot

TOLERANCE = 1e-9


def limits(values: dict[str, Any]) -> Check:
    """The sentences that say what a pack does not show; another release may have had others."""
    if values["limits"] == [*words.LIMITS, *evidence_words.LIMITS]:
        return Check(Code.LIMITS)
    return _of_release(Code.LIMITS, values)


def page(values: dict[str, Any], given: str) -> Check:
    """The page that a pack came in, against the page that this program makes of the pack."""
    try:
        own = page_of(values)
    except InvalidRequest:  # of a damaged audit, which has a check of its own
        return Check.of(Code.PAGE, [Code.PAGE.value])
    same = given.replace("\r\n", "\n").strip() == own.strip()
    return Check(Code.PAGE) if same else _of_release(Code.PAGE, values)


def _of_release(code: Code, values: dict[str, Any]) -> Check:
    if values["program"]["version"] != release():
        return Check.open(code, Why.OTHER_PROGRAM)
    return Check.of(code, [code.value])


def audit(values: dict[str, Any], text: str | None) -> Check:
    """The figures of an audit, against its matches; whether those are all is the library's to say."""
    row = values["audit"]
    if text is None:
        return Check.open(Code.AUDIT, Why.NO_TEXT)
    try:
        again = audit_json.document(audit_kept.restored(row, text))
    except InvalidRequest:
        return Check.of(Code.AUDIT, ["audit"])
    report, options = _named(values["report"]), {"pages": values["options"]["pages"]}
    found = [
        each.place
        for each in (
            *differences(row, again, "audit"),
            *differences(_named(row), report, "audit"),
            *differences({"pages": row["pages"]}, options, "audit"),
        )
        if each.size is None or each.size > TOLERANCE
    ]
    return Check.of(Code.AUDIT, found) if found else Check.open(Code.AUDIT, Why.LIBRARY)


def _named(row: dict[str, Any]) -> dict[str, Any]:
    return {key: row[key] for key in ("path", "title", "characters", "text_sha256")}


def chain(given: Field, text_sha256: str) -> Check:
    """The chain of a draft's snapshots, and whether it ends with the text that was checked.

    Raises `InvalidRequest` for what is no trail.
    """
    found = snapshots(given)
    flaws = trail.verify(found)
    numbers = {flaw.seq for flaw in flaws}
    wrong = [f"trail.snapshots[{at}]" for at, one in enumerate(found) if one.seq in numbers]
    wrong += [each.place for each in differences(_claims(given), _facts(found, flaws), "trail")]
    return Check.of(Code.TRAIL, wrong, None if found[-1].text_sha256 == text_sha256 else Why.OTHER_END)


def whole_trail(values: dict[str, Any]) -> dict[str, Any]:
    """The chain in the JSON of a draft's trail. Raises `InvalidRequest` for one that nobody could verify."""
    bare = without_texts(values)
    if chain(Field(bare, "trail", "trail of a draft"), "").state is State.DIFFERS:
        raise InvalidRequest("bad_trail", "The trail is no whole chain, so it proves nothing: leave it out.")
    return bare


def _claims(given: Field) -> dict[str, Any]:
    draft = given.at("draft")
    claimed = {key: draft.at(key).value for key in ("snapshots", "characters", "digest")}
    return {"schema": given.at("schema").value, "draft": claimed, "flaws": given.at("flaws").value}


def _facts(snapshots: Sequence[Snapshot], flaws: Sequence[Flaw]) -> dict[str, Any]:
    """What a trail says of itself, from its snapshots."""
    last = snapshots[-1]
    figures = {"snapshots": len(snapshots), "characters": last.characters, "digest": last.digest}
    found = [{"seq": flaw.seq, "kind": flaw.kind.value} for flaw in flaws]
    return {"schema": SCHEMA, "draft": figures, "flaws": found}
