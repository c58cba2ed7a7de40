"""`neural-lab detectors`: what an operator types, sees, and is refused."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from command_line import flat, run, shown
from helpers import needed
from kept_detectors import bundle, damage

from neural_lab.detectors.registry import Registry


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    folder = tmp_path_factory.mktemp("made")
    return [bundle(folder / version, version) for version in ("c.1", "c.2")]


@pytest.fixture
def kept(made: list[Path]) -> list[str]:
    """Names of two detectors that are kept."""
    return [shown("detectors", "add", folder, "--json")["version"] for folder in made]


def roles() -> dict[str, list[str]]:
    return {each["version"]: each["roles"] for each in shown("detectors", "list", "--json")["detectors"]}


def test_one_is_added_promoted_and_taken_back(made: list[Path], kept: list[str]) -> None:
    first, second = kept
    assert roles() == {"embedded": ["champion"], first: [], second: []}
    assert first in run("detectors", "list").output
    said = run("detectors", "promote", first, "--why", "it is better").output
    assert first in said
    assert run("detectors", "promote", second).exit_code == 0
    assert roles() == {"embedded": [], first: ["before"], second: ["champion"]}
    checked = run("check", "-", "--json", "--no-keep", text="The bus was late, so I walked home.")
    assert json.loads(checked.stdout)["detector"]["version"] == "c.2"
    assert shown("detectors", "rollback", "--json")["version"] == first
    refused = run("detectors", "rollback")
    assert refused.exit_code == 2
    assert "detectors promote" in flat(refused.output)
    assert shown("detectors", "promote", "embedded", "--json")["version"] == "embedded"
    assert roles()["embedded"] == ["champion"]
    events = shown("detectors", "history", "--json")["events"]
    assert [(each["what"], each["version"], each["before"]) for each in events] == [
        ("added", first, None),
        ("added", second, None),
        ("promoted", first, "embedded"),
        ("promoted", second, first),
        ("rolled_back", first, second),
        ("promoted", "embedded", first),
    ]
    assert events[2]["why"] == "it is better"
    assert f"{first}: put back in the place of {second}" in run("detectors", "history").output


def test_a_challenger_is_named_and_let_go(kept: list[str]) -> None:
    assert run("detectors", "challenge", kept[0]).exit_code == 0
    assert roles()[kept[0]] == ["challenger"]
    for wrong in ([], ["embedded"], [kept[0], "--none"]):
        assert run("detectors", "challenge", *wrong).exit_code == 2
    assert run("detectors", "challenge", "--none").exit_code == 0
    assert roles()[kept[0]] == []


def test_what_is_deleted_is_asked_for_and_what_is_in_use_stays(kept: list[str]) -> None:
    first, second = kept
    run("detectors", "promote", first)
    for version in (first, "embedded", "nothing"):
        assert run("detectors", "remove", version, "--yes").exit_code == 2
    refused = run("detectors", "remove", second)
    assert refused.exit_code == 2
    assert "--yes" in refused.output
    assert second in roles()
    assert run("detectors", "remove", second, "--yes").exit_code == 0
    assert second not in roles()


def test_a_detector_is_shown_and_verified(kept: list[str]) -> None:
    found = shown("detectors", "show", kept[0], "--json")
    assert (found["name"], found["detector"], found["version"]) == ("embedded", "c.1", kept[0])
    assert [each["what"] for each in found["events"]] == ["added"]
    assert "intact" in run("detectors", "show", "embedded").output
    damage(Registry().folder / kept[0])
    assert run("detectors", "show", kept[0]).exit_code == 3
    assert run("detectors", "promote", kept[0]).exit_code == 3
    assert run("detectors", "promote", "nothing").exit_code == 2


def test_a_damaged_champion_ends_a_check_with_the_way_back(kept: list[str]) -> None:
    run("detectors", "promote", kept[0])
    damage(Registry().folder / kept[0])
    refused = run("check", "-", text="The bus was late, so I walked home.")
    assert refused.exit_code == 3
    assert "neural-lab detectors rollback" in flat(refused.output)
    assert run("detectors", "rollback").exit_code == 0
    assert run("check", "-", "--no-keep", text="The bus was late, so I walked home.").exit_code == 0


def test_a_tracking_that_is_away_keeps_no_detector_from_changing(
    kept: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    needed("mlflow")
    monkeypatch.setenv("NEURAL_LAB_TRACKING", "http://127.0.0.1:9")
    monkeypatch.setenv("MLFLOW_HTTP_REQUEST_MAX_RETRIES", "0")
    for act, champion in ((("promote", kept[0]), kept[0]), (("rollback",), None)):
        done = run("detectors", *act)
        assert done.exit_code == 0
        assert "127.0.0.1:9" in done.stderr
        assert "stays where it was" in flat(done.stderr)
        assert Registry().champion() == champion


def test_the_alias_goes_with_the_champion(
    kept: list[str], monkeypatch: pytest.MonkeyPatch, home: Path
) -> None:
    client = needed("mlflow.tracking").MlflowClient
    monkeypatch.setenv("NEURAL_LAB_TRACKING", "file:")
    for act, version in ((("promote", kept[0]), 1), (("rollback",), 2), (("promote", kept[0]), 1)):
        assert run("detectors", *act).exit_code == 0
        opened = client(*[(home / "tracking").as_uri()] * 2)
        assert opened.get_model_version_by_alias("neural-lab", "champion").version == version


def test_a_folder_without_a_detector_is_refused(tmp_path: Path) -> None:
    refused = run("detectors", "add", tmp_path)
    assert refused.exit_code == 3
    assert "manifest.json" in refused.output
    assert shown("detectors", "list", "--json")["detectors"][1:] == []


def test_a_bundle_that_is_named_is_told_of(kept: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NEURAL_LAB_BUNDLE", str(Registry().folder_of(kept[1])))
    assert "NEURAL_LAB_BUNDLE" in run("detectors", "promote", kept[0]).output


def test_help_says_how_promote_and_promote_relate() -> None:
    said = flat(run("detectors", "--help").output)
    assert "judges nothing" in said
    assert "neural-lab promote" in said


def test_without_any_document_there_is_nothing_to_compare() -> None:
    assert shown("detectors", "compare", "--json")["texts"] == 0
    assert "NEURAL_LAB_SHADOW" in flat(run("detectors", "compare").output)


def test_nothing_heavy_is_imported_to_find_the_champion(kept: list[str]) -> None:
    """A check has to start as fast as before: the registry costs a look at one small file."""
    run("detectors", "promote", kept[0])
    code = (
        "import sys; from neural_lab.detectors.registry import Registry; print(Registry().champion()); "
        "print(sorted({'sqlite3', 'onnxruntime', 'numpy', 'torch', 'rich'} & set(sys.modules)))"
    )
    made = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, env=os.environ
    )
    assert made.stdout.splitlines() == [kept[0], "[]"]
