"""Evidence as it is made, read back and verified with the real detector."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from packs import DOCUMENT, TEXT, Values, changed, checked, draft, ended, full, lab, sealed

from neural_lab.errors import InvalidRequest
from neural_lab.evidence import recomputed
from neural_lab.evidence.attached import whole_trail
from neural_lab.evidence.canonical import digest
from neural_lab.evidence.checks import Code, Outcome, outcome
from neural_lab.evidence.fields import Field
from neural_lab.evidence.opening import Opened, open_bytes
from neural_lab.evidence.paper import Form, page_of, written
from neural_lab.evidence.restored import restored
from neural_lab.evidence.verify import verify
from neural_lab.report.as_json import document


def states(values: Values, **more: Any) -> dict[str, str]:
    return {code: check.state.value for code, check in checked(values, **more).items()}


def turned(place: str, value: Any) -> Values:
    """Sealed evidence with another value at `place`."""
    *path, last = place.split(".")

    def turn(values: Values) -> None:
        for key in path:
            values = values[key]
        values[last] = value

    return changed(turn)


def test_what_was_made_is_read_back_whole() -> None:
    report = lab().analyze(DOCUMENT)
    values = full()
    assert restored(Field(values), TEXT) == report
    assert values["report"] == document(report)
    assert values["digest"] == digest(values)


@pytest.mark.parametrize("form", Form)
@pytest.mark.parametrize("with_text", [True, False])
def test_a_file_of_either_form_is_verified(form: Form, with_text: bool) -> None:
    opened = open_bytes(written(full(with_text), form))
    assert opened.values == full(with_text)
    found = checked(opened.values, opened.page, None if with_text else TEXT)
    assert {code.value for code in Code} - set(found) == ({"page"} if form is Form.JSON else set())
    assert {c.code for c in found.values() if c.state != "agrees"} == {"audit"}
    assert found["audit"].why == "library"
    assert found["recomputed"].largest == 0
    assert outcome(list(found.values())) is Outcome.VERIFIED


def test_without_the_text_nothing_of_it_is_told() -> None:
    for form in Form:
        told = written(full(with_text=False), form).decode()
        assert [word for word in ("pigeons", "Renewable", "lighthouse") if word in told] == []
    assert ended(full(with_text=False)) is Outcome.INCOMPLETE
    assert states(full(with_text=False))["text"] == "unchecked"


def test_another_text_is_not_the_one_that_was_checked() -> None:
    for with_text in (True, False):
        found = checked(full(with_text), text=TEXT.replace("pigeons", "sparrows"))
        assert (found["text"].state, found["text"].places) == ("differs", ("FILE",))
        assert found["recomputed"].why == "stopped"
    assert ended(turned("text", TEXT + " ")) is Outcome.DIFFERS


def test_the_chain_goes_in_and_its_texts_do_not() -> None:
    assert [set(each) & {"text"} for each in full()["trail"]["snapshots"]] == [set()] * 4
    broken = draft()
    broken["snapshots"][1]["at"] = "2020-01-01T00:00:00Z"
    with pytest.raises(InvalidRequest, match="no whole chain"):
        whole_trail(broken)
    with pytest.raises(InvalidRequest, match=r"no trail of a draft: trail\.schema is missing"):
        whole_trail({"draft": {}})
    elsewhere = full() | {"trail": whole_trail(draft((0, 5)))}
    assert checked(sealed(elsewhere))["trail"].why == "other_end"


def test_another_detector_neither_confirms_nor_refutes() -> None:
    other = turned("detector.identity", "0" * 32)
    assert ended(other) is Outcome.ANOTHER_DETECTOR
    assert outcome(verify(Opened(full()), None)) is Outcome.ANOTHER_DETECTOR
    with pytest.raises(InvalidRequest, match=r"detector\.name has to be text"):
        ended(turned("detector.name", 7))


@pytest.mark.parametrize(
    ("place", "value", "code"),
    [
        ("report.verdict", "likely_ai", "verdict"),
        ("report.probability", 0.99, "mean"),
        ("report.text_sha256", "0" * 64, "text"),
        ("report.operating_point.document", 0.5, "detector"),
        ("report.error_rows", [], "detector"),
        ("measured.words", 600, "detector"),
        ("options.genre", "news", "recomputed"),
        ("limits", ["This proves who wrote it."], "limits"),
        ("audit.coverage", 0.9, "audit"),
    ],
)
def test_what_was_changed_is_named(place: str, value: Any, code: str) -> None:
    assert states(turned(place, value))[code] == "differs"


def shifted(score: Values, by: float) -> None:
    """A sentence whose numbers still add up, with one of its contributions moved."""
    score["contributions"]["bias"] += by


def test_numbers_that_agree_with_each_other_still_have_to_come_out_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """On a computer with other arithmetic a little is allowed; on one that computes alike, nothing is."""
    made = full()
    for row in made["report"]["sentences"]:
        shifted(row, 0.004)
    report = restored(Field(made), TEXT)
    made = sealed(made | {"report": document(report)})
    assert {code for code, state in states(made).items() if state == "differs"} == {"recomputed"}
    elsewhere = sealed(made | {"detector": made["detector"] | {"probe": [0.5]}})
    assert checked(elsewhere)["recomputed"].why == "other_computer"
    assert ended(elsewhere) is Outcome.VERIFIED
    monkeypatch.setattr(recomputed, "APART", 1e-5)
    assert ended(elsewhere) is Outcome.DIFFERS


def test_a_verdict_that_turns_over_elsewhere_is_left_open() -> None:
    """The cut point lies between what this computer says and what the other one said, 0.002 apart."""
    made = full()
    row = made["report"]["sentences"][0]
    shifted(row, 0.002)
    report = restored(Field(made), TEXT)
    flipped = replace(report, genre_measured=not report.genre_measured)
    values = made | {"report": document(flipped), "detector": made["detector"] | {"probe": []}}
    values["measured"]["genre_measured"] = flipped.genre_measured
    found = checked(sealed(values))["recomputed"]
    assert (found.state, found.why) == ("unchecked", "at_a_cut_point")
    assert ended(sealed(values)) is Outcome.INCOMPLETE


def test_another_version_of_the_program_may_see_it_otherwise() -> None:
    made = turned("options.genre", "news")
    older = sealed(made | {"program": {"name": "neural-lab", "version": "0.0.1"}})
    assert ended(older) is Outcome.ANOTHER_DETECTOR
    assert checked(older)["recomputed"].why == "other_program"
    old_page = sealed(full() | {"program": {"name": "neural-lab", "version": "0.0.1"}})
    assert states(old_page, page=page_of(old_page).replace("cut point", "limit"))["page"] == "unchecked"
