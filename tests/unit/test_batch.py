"""Many documents: one failure does not touch the others."""

import io
from pathlib import Path

import pytest
from helpers import Lab

from neural_lab.batch import examine, known_target
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
    reports, errors = examine(Lab(), paths, 0.05, io.BytesIO(b"From standard input."))
    assert [report.document.text for report in reports] == ["Good text.", "From standard input."]
    assert {report.operating_point.target for report in reports} == {0.05}
    assert [path for path, _ in errors] == [str(path) for path in paths[:3]]
    assert [error.code for _, error in errors] == ["not_finite", "not_found", "empty_folder"]


def test_only_measured_targets_are_accepted():
    assert known_target((0.01, 0.05), 0.05000000001) == 0.05
    with pytest.raises(InvalidRequest, match=r"one of 0\.01, 0\.05, not 0\.02"):
        known_target((0.01, 0.05), 0.02)
