"""Many documents: one failure does not touch the others."""

import io
from dataclasses import replace
from pathlib import Path

import pytest
from helpers import ROWS, Lab

from neural_lab.batch import Asked, examine, largest_target, rate
from neural_lab.compose import open_lab
from neural_lab.errors import InvalidRequest


def test_failures_stand_beside_the_reports(tmp_path):
    (tmp_path / "good.txt").write_text("Good text.")
    (tmp_path / "bad.txt").write_text("This is unscorable.")
    (tmp_path / "empty").mkdir()
    paths = [
        tmp_path / "bad.txt",
        tmp_path / "missing.txt",
        tmp_path / "empty",
        tmp_path / "good.txt",
        Path("-"),
    ]
    reports, errors = examine(Lab(), paths, Asked(0.05, "letters"), io.BytesIO(b"From standard input."))
    assert [report.document.text for report in reports] == ["Good text.", "From standard input."]
    assert {report.operating_point.target for report in reports} == {0.05}
    assert {report.declared_genre for report in reports} == {"letters"}
    assert [path for path, _ in errors] == [str(path) for path in paths[:3]]
    assert [error.code for _, error in errors] == ["not_finite", "not_found", "empty_folder"]


@pytest.mark.parametrize(
    ("typed", "value"),
    [("0.005", 0.005), ("1/200", 0.005), ("0.5%", 0.005), (" 1 / 20 ", 0.05), ("5 %", 0.05), ("1", 1.0)],
)
def test_rates_are_read_as_people_write_them(typed, value):
    assert rate(typed) == pytest.approx(value)


@pytest.mark.parametrize(
    "typed", ["", "0", "-1%", "nan", "2", "1/0", "1/", "/2", "101%", "one", "1/2/3", "inf", "1e-999"]
)
def test_rates_are_above_zero_and_up_to_one(typed):
    with pytest.raises(InvalidRequest, match="1/200"):
        rate(typed)


def test_the_largest_measured_target_that_holds_the_rate_is_taken():
    targets = (0.05, 0.01, 0.005)
    assert [largest_target(targets, most) for most in (1.0, 0.05, 0.02, 0.01, 0.0099)] == [
        *(0.05, 0.05, 0.01, 0.01, 0.005)
    ]
    assert largest_target(targets, rate("0.5%")) == 0.005
    with pytest.raises(InvalidRequest, match=r"there are 0\.005, 0\.01, 0\.05"):
        largest_target(targets, 0.004)


def test_declarations_are_checked_against_the_detector():
    detector = replace(open_lab().detector, error_rows=ROWS)
    assert Asked.typed(detector, "1/50", "abstracts", "native") == Asked(0.01, "abstracts", "native")
    with pytest.raises(InvalidRequest, match="The writer has to be one of: native, non_native") as caught:
        Asked.typed(detector, "1/50", None, "me")
    assert caught.value.code == "unknown_writer"
    with pytest.raises(InvalidRequest, match="has no error rates by genre"):
        Asked.typed(replace(open_lab().detector, error_rows=(), genres=None), "1/50", "abstracts", None)
