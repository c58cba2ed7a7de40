"""What choices mean, and how they are written for this version and for others."""

from __future__ import annotations

import json

import pytest

from neural_lab.preferences import Choices, read, written


@pytest.mark.parametrize(
    ("choices", "answers"),
    [
        (Choices(), (True, True, False)),
        (Choices(keep=False), (False, True, False)),
        (Choices(zero_retention=True), (False, False, False)),
        (Choices(keep=False, zero_retention=True), (False, False, False)),
    ],
)
def test_a_report_is_kept_as_asked_or_as_chosen(choices: Choices, answers: tuple[bool, bool, bool]) -> None:
    assert (choices.keeps(), choices.keeps(True), choices.keeps(False)) == answers
    assert choices.keeps(None) is choices.keeps()


@pytest.mark.parametrize(
    ("mine", "most", "days"), [(None, None, None), (7, None, 7), (None, 30, 30), (7, 30, 7), (60, 30, 30)]
)
def test_the_fewer_days_count(mine: int | None, most: int | None, days: int | None) -> None:
    assert Choices(keep_days=mine).days(most) == days


def test_what_was_written_is_read() -> None:
    choices = Choices("writing", False, 7, 0.1 + 0.2, "dark", False, True)
    assert read(written(choices)) == choices


def test_other_versions_may_know_more_or_less() -> None:
    known = json.loads(written(Choices(theme="dark")))
    assert read(json.dumps({**known, "colour": "red"})) == Choices(theme="dark")
    del known["keep_days"]
    assert read(json.dumps(known)) == read('{"theme": "dark"}') == Choices(theme="dark")
