"""Whether a detector that is at hand says what a pack says of it, and says it of the text again."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from neural_lab.backends.release import release
from neural_lab.detect.detector import Detector
from neural_lab.errors import LabError
from neural_lab.evidence.checks import Check, Code, Why
from neural_lab.evidence.differences import Difference, differences
from neural_lab.evidence.pack import measured, of_detector, told
from neural_lab.outcome import Report
from neural_lab.service import Lab
from neural_lab.types import Document

ALIKE = 1e-6
"""How far numbers may be apart where computers compute alike, which the probe shows."""
APART = 0.01
"""How far probabilities may be apart elsewhere: other processors add in another order, and round."""
APART_NATS = 0.5
"""The same for signals and contributions, in nats."""
_HANGS_ON_CUTS = re.compile(
    r"report\.(?:verdict|reason|notes|share_flagged|genres|error_rows|error_row|breakdown\.\w+"
    r"|sentences\[\d+\]\.flagged)\b.*|measured\.genre_measured"
)
"""What turns over when a number passes a cut point."""


def is_same(values: dict[str, Any], lab: Lab) -> bool:
    return bool(values["detector"]["identity"] == lab.identity)


def detector(values: dict[str, Any], report: Report, lab: Lab) -> Check:
    """Name, files, cut points, error rows and limits of a pack, against those of the same detector."""
    given = {key: value for key, value in values["detector"].items() if key != "probe"}
    own = {key: value for key, value in of_detector(lab).items() if key != "probe"}
    found = list(differences(given, own, "detector"))
    judged, target = _judged(report), report.operating_point.target
    if target in lab.detector.targets:
        found += differences(judged, _judged(_by_the_book(report, target, lab.detector)))
    else:
        found.append(Difference("report.operating_point.target"))
    return Check.of(Code.DETECTOR, [each.place for each in found])


def _by_the_book(report: Report, target: float, known: Detector) -> Report:
    """A report with what the detector judges a text of this length, and of these genres, by."""
    return replace(
        report,
        operating_point=known.operating_point(report.words, target),
        error_rows=known.applicable(report.words, target, report.genres, report.declared_writer),
        shortest_words=known.shortest_words,
        fewest_known=known.fewest_known,
        most_disagreement=known.most_disagreement,
    )


def _judged(report: Report) -> dict[str, Any]:
    rows = {"operating_point": report.operating_point, "error_rows": report.error_rows}
    return {"report": rows, "measured": measured(report)}


def recomputed(values: dict[str, Any], document: Document, lab: Lab) -> Check:
    """The text read anew, by the same detector."""
    options = values["options"]
    target, genre, writer = (options[key] for key in ("max_false_positives", "genre", "writer"))
    try:
        again = lab.analyze(document, target, genre, writer)
    except LabError:
        return Check.of(Code.RECOMPUTED, ["options"])
    row = told(again, with_text=values["text"] is not None)
    own = {"report": row, "measured": measured(again)}
    found = list(differences({key: values[key] for key in own}, own))
    alike = values["detector"]["probe"] == list(lab.probe)
    return _same_program(values, _judge(found) if alike else _judge_apart(found))


def _judge(found: Sequence[Difference]) -> Check:
    wrong = [each.place for each in found if each.size is None or each.size > ALIKE]
    return _with_largest(Check.of(Code.RECOMPUTED, wrong), found)


def _judge_apart(found: Sequence[Difference]) -> Check:
    """On a computer that rounds otherwise: what hangs on a cut point may turn over if its number is near."""
    beyond = [each for each in found if each.size is None or each.size > _bound(each.place)]
    turned = [each.place for each in beyond if _HANGS_ON_CUTS.fullmatch(each.place)]
    wrong = [each.place for each in beyond if each.place not in turned]
    if turned and not wrong:
        return Check.open(Code.RECOMPUTED, Why.AT_A_CUT_POINT, turned)
    return _with_largest(Check.of(Code.RECOMPUTED, wrong, Why.OTHER_COMPUTER), found)


def _bound(place: str) -> float:
    return APART if place.endswith("probability") else APART_NATS


def _with_largest(check: Check, found: Sequence[Difference]) -> Check:
    largest = max((each.size for each in found if each.size is not None), default=0.0)
    return Check(check.code, check.state, check.why, check.places, largest)


def _same_program(values: dict[str, Any], check: Check) -> Check:
    """Another release of the program may cut sentences otherwise: what then differs shows nothing."""
    if check.places and values["program"]["version"] != release():
        return Check.open(Code.RECOMPUTED, Why.OTHER_PROGRAM, check.places)
    return check
