"""Evidence on the command line: written with a check, made of a kept report, and verified."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from command_line import flat, run, shown
from packs import TEXT, draft, lab, sealed

from neural_lab.commands.verify import EXIT_CODES
from neural_lab.compose import open_lab as OPEN
from neural_lab.evidence.checks import Code, Outcome, State, Why
from neural_lab.evidence.opening import open_path
from neural_lab.report import evidence_words, words


@pytest.fixture(autouse=True)
def _opened_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """The real detector, which takes a second to open."""
    monkeypatch.setattr("neural_lab.compose.open_lab", lab)
    monkeypatch.setattr("neural_lab.commands.evidence.open_lab", lab)


@pytest.fixture
def notes(tmp_path: Path) -> Path:
    path = tmp_path / "notes.txt"
    path.write_text(TEXT, "utf-8")
    return path


def written(path: Path, *options: object, name: str = "out.json") -> Path:
    out = path.with_name(name)
    result = run("check", path, "--evidence", out, "--quiet", *options)
    assert result.exit_code == 0, result.output
    assert open_path(out).values["digest"] in result.stderr
    return out


@pytest.mark.parametrize("name", ["out.json", "out.html", "out.HTM"])
def test_evidence_is_written_and_verified(notes: Path, name: str) -> None:
    result = run("verify", written(notes, name=name))
    assert (result.exit_code, result.stderr) == (0, "")
    said = flat(result.stdout)
    assert evidence_words.OUTCOMES["verified"] in said
    assert evidence_words.BEYOND in said
    assert ("page" in said) == (name != "out.json")


def test_without_the_text_its_file_is_needed(notes: Path) -> None:
    out = written(notes, "--without-text", name="out.html")
    assert run("verify", out).exit_code == 7
    assert run("verify", out, notes).exit_code == 0
    notes.write_text(TEXT.replace("pigeons", "sparrows"))
    assert run("verify", out, notes).exit_code == 6


def test_json_says_each_check(notes: Path) -> None:
    out = written(notes)
    answer = shown("verify", out, "--json")
    values = open_path(out).values
    assert answer["outcome"] == "verified"
    assert answer["evidence"]["digest"] == values["digest"]
    assert answer["evidence"]["detector"]["identity"] == values["detector"]["identity"]
    assert [check["code"] for check in answer["checks"]][:3] == ["readable", "digest", "text"]
    assert answer["checks"][-1] == {
        **{"code": "recomputed", "state": "agrees", "why": None, "places": [], "largest": 0.0}
    }


def test_a_number_that_was_changed_is_found_with_and_without_a_new_seal(notes: Path) -> None:
    out = written(notes)
    values = open_path(out).values
    values["report"]["sentences"][3]["probability"] = 0.999
    for made, codes in ((values, {"digest", "sums"}), (sealed(values), {"sums"})):
        out.write_text(json.dumps(made))
        result = run("verify", out, "--json")
        assert result.exit_code == 6
        found = [check for check in json.loads(result.stdout)["checks"] if check["state"] == "differs"]
        assert codes <= {check["code"] for check in found}
        assert any("report.sentences[3].probability" in check["places"] for check in found)
    assert "does not agree" in flat(run("verify", out).stdout)


def test_another_detector_has_a_code_of_its_own(notes: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    out = written(notes)
    values = open_path(out).values
    values["detector"]["identity"] = "0" * 32
    out.write_text(json.dumps(sealed(values)))
    result = run("verify", out)
    assert result.exit_code == 3
    assert evidence_words.OUTCOMES["another_detector"] in flat(result.stdout)
    monkeypatch.setattr("neural_lab.compose.open_lab", OPEN)
    monkeypatch.setenv("NEURAL_LAB_BUNDLE", str(notes.parent))
    missing = run("verify", out)
    assert missing.exit_code == 3
    assert "no complete detector" in missing.stderr


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ('{"kind": "evidence", "schema": 2}', "has to be of the kind “evidence” and the schema 1"),
        ('{"kind": "evidence", "schema": 1}', "program is missing"),
        ('{"kind": "evidence", "schema": 1, "made": NaN}', "not finite"),
        ("<p>A page</p>", "neither JSON nor an HTML file"),
    ],
)
def test_what_is_no_evidence_is_said(tmp_path: Path, content: str, said: str) -> None:
    path = tmp_path / "evidence"
    path.write_text(content)
    result = run("verify", path)
    assert (result.exit_code, result.stdout) == (2, "")
    assert said in flat(result.stderr)
    assert run("verify", tmp_path / "missing.json").exit_code == 2


def test_options_that_make_no_sense_are_refused(notes: Path) -> None:
    folder = notes.parent
    for arguments, said in (
        ([notes, notes.with_name("other.txt"), "--evidence", folder / "x.json"], "made of one document"),
        ([notes, "--evidence", folder / "x.pdf"], "name an .html or a .json file"),
        ([notes, "--evidence", folder / "no" / "x.json"], "in a folder that exists"),
        ([notes, "--without-text"], "--without-text goes with --evidence"),
        ([notes, "--trail", notes], "--trail goes with --evidence"),
        ([notes, "--evidence", folder / "x.json", "--trail", notes], "neither JSON nor"),
    ):
        result = run("check", *arguments, "--no-keep")
        assert result.exit_code == 2
        assert said in flat(result.stderr)
    assert not [path for path in folder.iterdir() if path.name.startswith("x.")]


def test_a_trail_goes_in(notes: Path) -> None:
    trail = notes.with_name("trail.json")
    trail.write_text(json.dumps(draft()))
    out = written(notes, "--trail", trail, name="out.html")
    assert evidence_words.TRAIL in out.read_text("utf-8")
    checks = {check["code"]: check for check in shown("verify", out, "--json")["checks"]}
    assert (checks["trail"]["state"], checks["trail"]["why"]) == ("agrees", None)


def test_a_kept_report_becomes_evidence_if_it_comes_out_again(notes: Path) -> None:
    assert run("check", notes, "--quiet").exit_code == 0
    out = notes.with_name("kept.html")
    assert run("history", "show", 1, "--evidence", out).exit_code == 0
    assert run("verify", out, notes).exit_code == 0
    quoting = notes.with_suffix(".md")
    quoting.write_text(f"# Notes\n\n{TEXT}\n\n> {TEXT}\n")
    assert run("check", quoting, "--quiet").exit_code == 0
    result = run("history", "show", 2, "--evidence", out)
    assert result.exit_code == 2
    assert "does not come out again from what was kept" in flat(result.stderr)


def test_every_exit_code_is_said() -> None:
    assert set(EXIT_CODES.values()) <= set(words.EXIT_CODES)
    assert set(EXIT_CODES) == set(Outcome) == set(evidence_words.OUTCOMES)
    assert set(evidence_words.CHECKS) == set(Code)
    assert set(evidence_words.WHYS) == set(Why)
    assert set(evidence_words.STATES) == set(State)
