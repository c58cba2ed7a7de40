"""Lists and tables at a terminal of 80 columns: nothing is lost or cut."""

from __future__ import annotations

from dataclasses import replace
from io import StringIO
from itertools import pairwise
from pathlib import Path

import pytest
from command_line import PASSAGE, flat, run
from kept_detectors import bundle, damage

from neural_lab.audit.source import Source
from neural_lab.backends.clock import utc
from neural_lab.backends.sqlite.store import SqliteStore
from neural_lab.commands import models
from neural_lab.detectors.comparison import compared
from neural_lab.detectors.paired import Paired, Said, event
from neural_lab.detectors.registry import Registry
from neural_lab.dispute import Dispute
from neural_lab.entry import Entry
from neural_lab.report import (
    detector_tables,
    detector_words,
    dispute_words,
    library_words,
    model_words,
    words,
)
from neural_lab.report.sources_table import show_disputes, show_entries, show_sources
from neural_lab.types import Span

WIDTH = 80
MOMENT = "2026-11-20T21:07:33Z"
TITLE = "The seven walnut trees behind the school"


@pytest.fixture(autouse=True)
def narrow(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", str(WIDTH))


def whole(printed: str, *wanted: str) -> None:
    """Every line fits, and each of the `wanted` stands in one line."""
    assert max(map(len, printed.splitlines())) <= WIDTH
    for each in wanted:
        assert any(each in line for line in printed.splitlines()), (each, printed)


def column(printed: str, start: str) -> str:
    """What stands under a header, its lines joined: long words go on in the next one."""
    first, *lines = printed.splitlines()
    return "".join(line[first.index(start) :].split("  ")[0].strip() for line in lines).replace(" ", "")


def test_a_comparison() -> None:
    verdicts = ("likely_human", "mixed", "likely_ai", "inconclusive")
    pairs = [
        Paired(Said("", 0.1, mine), Said("b-2", 0.4, its), words, 6 * words, "embedded 1", 12.5)
        for mine in verdicts
        for its in verdicts
        for words in (50, 700)
        for _ in range(400)
    ]
    out = StringIO()
    detector_tables.show_comparison(compared(pairs), out)
    headers = (*detector_words.DISTANCES, *detector_words.FLAGGED, detector_words.PAIR, *verdicts)
    whole(
        out.getvalue(), *headers, "12,800", "9,600", "+0.300", "600 and more", "50.0 % (49.1–50.9)", " 800 "
    )


def test_detectors_that_are_kept() -> None:
    name = "a-detector-with-a-name-as-long-as-they-may-be-" + "x" * 34 + "-1.0-0123456789ab"
    rows = [{"version": name, "roles": ["champion", "challenger"], "added": MOMENT, "bytes": 123_456_789}]
    out = StringIO()
    detector_tables.show_versions(rows, out)
    whole(out.getvalue(), *detector_words.COLUMNS, "champion; challenger", "2026-11-20 21:07", "123.5")
    assert column(out.getvalue(), "detector") == name


@pytest.mark.parametrize("verdict", ["likely_human", "mixed", "likely_ai", "inconclusive"])
def test_kept_reports(verdict: str) -> None:
    entry = Entry("check", MOMENT, TITLE, "", "", "", verdict, 0.987, 0.123, "", "", 123_456)
    out = StringIO()
    show_entries([entry, replace(entry, kind="audit", verdict="", probability=None)], out)
    whole(
        out.getvalue(),
        *library_words.ENTRY_COLUMNS,
        "123456",
        "2026-11-20 21:07",
        verdict,
        words.share(0.987),
        words.share(0.123),
    )
    assert TITLE.replace(" ", "") in column(out.getvalue(), "title")


def test_sources() -> None:
    path = "/home/me/essays/walnuts.txt"
    source = Source(4321, TITLE, path, "2026-11-20", "en", "autumn", 1_234_567, "a" * 64, MOMENT)
    out = StringIO()
    show_sources([source], out)
    whole(out.getvalue(), *library_words.SOURCE_COLUMNS, "4321", "2026-11-20", "autumn", "1,234,567")


def test_disputes() -> None:
    span = Span(0, len(PASSAGE))
    dispute = Dispute(
        MOMENT, MOMENT, "", "", span, PASSAGE, 0.987, "embedded", "1", "machine", "", 4321, MOMENT
    )
    out = StringIO()
    show_disputes([dispute], out)
    whole(
        out.getvalue(),
        *dispute_words.COLUMNS,
        "4321",
        "2026-11-20 21:07",
        "quarantined",
        "machine",
        words.share(0.987),
    )
    assert PASSAGE.replace(" ", "") in column(out.getvalue(), "passage")


def test_models(capsys: pytest.CaptureFixture[str]) -> None:
    about = {"name": "SomeOwner/a-model-135M", "kind": "encoder", "revision": "0123456789abcdef"}
    export = {"precision": "float32", "parity": {"log_perplexity": {"max": 0.0123}}}
    models._show([{**about, "licence": "apache-2.0", "bytes": 269_000_000, "export": export}])
    printed = capsys.readouterr().out
    whole(printed, *model_words.MODEL_COLUMNS, "encoder", "0123456789ab", "269.0 MB", "float32", "apache-2.0")


def test_help_is_wrapped_by_the_terminal_alone() -> None:
    """A line ends early only where the next word would not fit."""
    for command in (("detectors",), ("disputes",), ("detectors", "promote"), ("history", "show")):
        text = run(*command, "--help").output.split("╭")[0].split("Usage:")[1]
        for paragraph in text.split(" \n  ")[1:]:
            lines = [line.strip() for line in paragraph.splitlines() if line.strip()]
            for line, following in pairwise(lines):
                assert len(f" {line} {following.split()[0]} ") > WIDTH, (command, line, following)


def test_options_have_one_name_in_help() -> None:
    for command in (("score",), ("train", "detector"), ("train", "agreement")):
        printed = run(*command, "--help").output
        assert "--text-column " in printed
        assert "…" not in "".join(line for line in printed.splitlines() if "--" in line)


def test_the_folder_that_was_named_is_the_one_that_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    broken = bundle(tmp_path / "broken", "c.1")
    damage(broken)
    refused = run("detectors", "add", broken)
    assert refused.exit_code == 3
    assert f"in {broken} is not" in flat(refused.output)
    assert "train or copy it again" in flat(refused.output)
    assert ".part" not in refused.output
    (tmp_path / "empty").mkdir()
    for folder, said in (("empty", "no complete detector in"), ("nowhere", "There is no folder")):
        monkeypatch.setenv("NEURAL_LAB_BUNDLE", str(tmp_path / folder))
        refused = run("check", "-", text=PASSAGE)
        assert refused.exit_code == 3
        assert said in flat(refused.output)
        assert "reinstall" not in refused.output


def test_a_challenger_that_read_nothing_yet_is_named(tmp_path: Path) -> None:
    version = Registry().add(bundle(tmp_path / "new", "c.1"))
    assert run("detectors", "challenge", version).exit_code == 0
    said = flat(run("detectors", "compare").stderr)
    assert f"{version} is the challenger, and read no document" in said
    store = SqliteStore(tmp_path / "lab.db")
    pair = Paired(Said("", 0.1, "mixed"), Said("before-it", 0.4, "mixed"), 100, 600, "embedded 1", 12.5)
    store.events().record([event(pair, utc())])
    store.close()
    told = run("detectors", "compare", "--store", f"sqlite:///{tmp_path / 'lab.db'}")
    assert "challenger before-it" in told.stdout
    assert f"The challenger is {version} now" in flat(told.stderr)
