"""`neural-lab drift` on a log that a service could have written."""

from __future__ import annotations

import json
import re
import sys
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from command_line import flat, run
from drifting import NAME, written
from helpers import needed

from neural_lab.backends.sqlite.store import SqliteStore
from neural_lab.report.drift_tables import every, share

A_DAY = 60


def today() -> date:
    return datetime.now(UTC).date()


def filled(path: Path, shift: float, detector: str = NAME, before: int = 30) -> str:
    store = SqliteStore(path)
    begun = today() - timedelta(days=before)
    events = [*written(1, begun, before - 7, A_DAY, detector=detector)]
    events += written(2, today() - timedelta(days=7), 8, A_DAY, shift, detector)
    store.events().record(events)
    store.close()
    return f"sqlite:///{path}"


@pytest.fixture(scope="module")
def steady(tmp_path_factory: pytest.TempPathFactory) -> str:
    return filled(tmp_path_factory.mktemp("steady") / "lab.db", 0)


@pytest.fixture(scope="module")
def drifted(tmp_path_factory: pytest.TempPathFactory) -> str:
    return filled(tmp_path_factory.mktemp("drifted") / "lab.db", 1.0)


def found(*arguments: object) -> tuple[int, Any]:
    result = run("drift", "--json", *arguments)
    return result.exit_code, json.loads(result.stdout)


def test_texts_like_before_are_no_drift(steady: str) -> None:
    code, told = found("--store", steady)
    assert (code, told["state"], told["detector"]) == (0, "steady", NAME)
    assert told["reference"]["texts"] == 23 * A_DAY
    assert told["current"]["texts"] == 8 * A_DAY
    assert told["current"]["last"] == str(today())


def test_other_texts_are_drift_and_the_exit_code_says_so(drifted: str) -> None:
    result = run("drift", "--store", drifted)
    assert result.exit_code == 1
    assert "at least one figure has drifted" in flat(result.stdout)
    assert "Nobody knows who wrote these texts" in flat(result.stderr)
    code, told = found("--store", drifted)
    assert (code, told["state"]) == (1, "drift")
    assert len({row["signal"] for row in told["signals"] if row["state"] == "drift"}) > 10


def test_windows_are_as_asked(drifted: str) -> None:
    last = today() - timedelta(days=10)
    first = last - timedelta(days=9)
    told = found("--store", drifted, "--days", 3, "--reference", f"{first}..{last}")[1]
    assert told["reference"] == {"first": str(first), "last": str(last), "texts": 600, "sampled": 600}
    assert told["current"]["texts"] == 4 * A_DAY
    assert found("--store", drifted, "--reference", 5)[1]["reference"]["texts"] == 5 * A_DAY
    overlapping = run("drift", "--store", drifted, "--reference", f"{first}..{today()}")
    assert (overlapping.exit_code, overlapping.stdout) == (2, "")


def test_a_new_detector_is_compared_with_nothing(tmp_path: Path) -> None:
    url = filled(tmp_path / "lab.db", 0, before=7)
    code, told = found("--store", url)
    assert (code, told["state"], told["reference"]) == (0, "too_few", None)
    assert any(row["texts"] for row in told["outside"])
    assert "There is no reference yet" in flat(run("drift", "--store", url).stderr)


def test_a_detector_that_is_not_here_is_named(tmp_path: Path) -> None:
    result = run("drift", "--store", filled(tmp_path / "lab.db", 0, "elsewhere 7"))
    assert result.exit_code == 2
    assert "elsewhere 7" in flat(result.stderr)


def test_an_empty_log_says_nothing_and_a_store_that_is_not_there_is_an_error(tmp_path: Path) -> None:
    assert found()[1] == {"schema": 1, "state": "too_few", "detector": None}
    assert "No text was read" in flat(run("drift").stderr)
    assert run("drift", "--store", f"sqlite:///{tmp_path}/none.db").exit_code == 4


def test_the_report_has_the_figures_of_the_json_and_pictures(drifted: str, tmp_path: Path) -> None:
    needed("matplotlib")
    told = found("--store", drifted)[1]
    path = tmp_path / "week.md"
    result = run("drift", "--store", drifted, "-o", path)
    assert result.exit_code == 1
    page = path.read_text("utf-8")
    assert cells(page) == [[*row] for table in every(told) for row in table.rows]
    figures = [row["psi"] for row in told["signals"] if row["state"] == "drift"]
    figures += [row["ks"] for row in told["score"] if row["ks"] is not None]
    assert [figure for figure in figures if f"| {figure:.3f} |" not in page] == []
    assert [row for row in told["verdicts"] if row["texts"] and share(row["flagged"]) not in page] == []
    pictures = re.findall(r"!\[[^]]+\]\((\S+)\)", page)
    assert pictures == ["week-index.png", "week-probabilities.png"]
    assert all((tmp_path / name).read_bytes().startswith(b"\x89PNG") for name in pictures)


def cells(page: str) -> list[list[str]]:
    """Of all tables of a page, without their heads."""
    tables = re.findall(r"\|(?: -+:? \|)+\n((?:\|.*\n)+)", page)
    return [row[2:-2].split(" | ") for table in tables for row in table.splitlines()]


def test_a_folder_gets_a_report_a_week(steady: str, tmp_path: Path) -> None:
    assert run("drift", "--store", steady, "-o", tmp_path).exit_code == 0
    assert [path.name for path in tmp_path.glob("*.md")] == [f"drift-{datetime.now(UTC):%G-W%V}.md"]


@pytest.mark.parametrize("name", ["reports/", "reports", "in/a/dotted.folder/"])
def test_a_folder_that_is_not_there_is_made(steady: str, tmp_path: Path, name: str) -> None:
    assert run("drift", "--store", steady, "-o", f"{tmp_path}/{name}").exit_code == 0
    assert [*(tmp_path / name).glob("drift-*.md")] == [tmp_path / name / f"drift-{today():%G-W%V}.md"]


def test_without_matplotlib_there_is_a_report_and_it_says_so(
    steady: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "matplotlib", None)
    result = run("drift", "--store", steady, "-o", tmp_path / "report.md")
    assert result.exit_code == 0
    assert "matplotlib is not installed" in flat(result.stderr)
    assert "matplotlib is not installed" in (tmp_path / "report.md").read_text("utf-8")
    assert [path.name for path in tmp_path.iterdir()] == ["report.md"]


def test_nothing_but_markdown_is_replaced(steady: str, tmp_path: Path) -> None:
    essay = tmp_path / "essay.txt"
    essay.write_text("mine")
    assert run("drift", "--store", steady, "-o", essay).exit_code == 2
    assert essay.read_text() == "mine"
    assert run("drift", "--store", steady, "-o", tmp_path / "none" / "report.md").exit_code == 2
