"""Runs are written into a real store of MLflow, and into nothing else."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from helpers import needed

from neural_lab.errors import InvalidRequest, StoreUnavailable
from neural_lab.tracking.figures import hashes, metrics
from neural_lab.tracking.logged import log_bundle, log_card, log_switch, tracked
from neural_lab.tracking.silent import Silent
from neural_lab.tracking.tracker import address, open_tracker

CARD = {
    "schema": 1,
    "detector": {"name": "own", "version": "1"},
    "overall": {"auroc": 0.97, "auroc_interval": [0.95, 0.99], "brier": None},
    "groups": {"model": {"gpt: 4 (turbo)": {"flagged": {"rate": 0.5, "interval": [0.4, 0.6]}}}},
}
FLAT = {
    "schema": 1.0,
    "overall/auroc": 0.97,
    "overall/auroc_low": 0.95,
    "overall/auroc_high": 0.99,
    "groups/model/gpt: 4 (turbo)/flagged/rate": 0.5,
    "groups/model/gpt: 4 (turbo)/flagged_low": 0.4,
    "groups/model/gpt: 4 (turbo)/flagged_high": 0.6,
}
# Answers every attempt to reach anything, and every name that is looked up, with a line.
WATCHED = """
import os, sys
tried = []
def hook(event, arguments):
    if event in ("socket.connect", "socket.getaddrinfo", "socket.gethostbyname"):
        tried.append(event)
        raise OSError("watched")
sys.addaudithook(hook)
from pathlib import Path
from neural_lab.tracking.logged import log_bundle, log_card, tracked
work = Path(sys.argv[1])
with tracked("evaluate", [work / "data.csv"], most=3) as run:
    log_card(run, {"auroc": 0.9}, work / "out")
    log_bundle(run, work / "bundle", "challenger")
import threading, time
for _ in range(20):
    time.sleep(0.1)
print(tried, [thread.name for thread in threading.enumerate()])
"""
CI_SIGNS = ("CI", "PYTEST_CURRENT_TEST", "GITHUB_ACTIONS", "GITLAB_CI", "JENKINS_URL", "DO_NOT_TRACK")


@pytest.fixture
def work(tmp_path: Path) -> Path:
    (tmp_path / "data.csv").write_text("text,label\nA secret sentence.,0\n")
    for name in ("out", "bundle"):
        (tmp_path / name).mkdir()
    (tmp_path / "out" / "card.md").write_text("# A card\n")
    (tmp_path / "bundle" / "manifest.json").write_text('{"files": {}}')
    return tmp_path


@pytest.fixture
def store(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> str:
    needed("mlflow")
    monkeypatch.setenv("NEURAL_LAB_TRACKING", (tmp_path / "store").as_uri())
    return (tmp_path / "store").as_uri()


def client(store: str):
    from mlflow.tracking import MlflowClient

    return MlflowClient(store, store)


def runs(store: str) -> list:
    opened = client(store)
    experiment = opened.get_experiment_by_name("neural-lab")
    return opened.search_runs([experiment.experiment_id])


def test_without_the_setting_nothing_is_kept(work: Path, monkeypatch: pytest.MonkeyPatch, home: Path) -> None:
    monkeypatch.delenv("NEURAL_LAB_TRACKING", raising=False)
    assert isinstance(open_tracker(), Silent)
    with tracked("evaluate", [work / "data.csv"]) as run:
        log_card(run, CARD, work / "out")
        log_bundle(run, work / "bundle", "champion")
    assert not home.exists()


def test_a_run_is_written_whole(work: Path, store: str) -> None:
    with tracked("evaluate", [work / "data.csv"], most=3, bundle=work / "bundle") as run:
        log_card(run, CARD, work / "out")
    (found,) = runs(store)
    assert (found.info.run_name, found.info.status) == ("evaluate", "FINISHED")
    assert found.data.params["most"] == "3"
    assert found.data.params["bundle"] == "bundle"
    assert found.data.params["data/0/data.csv"] == hashes([work / "data.csv"])["data/0/data.csv"]
    assert found.data.metrics["overall/auroc_low"] == 0.95
    assert found.data.metrics["groups/model/gpt_ 4 _turbo_/flagged/rate"] == 0.5
    assert [file.path for file in client(store).list_artifacts(found.info.run_id, "card")] == ["card/card.md"]


def test_no_text_is_written(work: Path, store: str, tmp_path: Path) -> None:
    with tracked("evaluate", [work / "data.csv"]) as run:
        log_card(run, CARD, work / "out")
    kept = [path for path in (tmp_path / "store").rglob("*") if path.is_file()]
    assert kept
    assert not any(b"secret" in path.read_bytes() for path in kept)


def test_what_fails_is_said_to_have_failed(work: Path, store: str) -> None:
    with pytest.raises(ValueError, match="broken"), tracked("train lm", []):
        raise ValueError("broken")
    with pytest.raises(KeyboardInterrupt), tracked("train lm", []):
        raise KeyboardInterrupt
    assert sorted(run.info.status for run in runs(store)) == ["FAILED", "KILLED"]


def test_an_alias_moves_to_what_was_promoted_last(work: Path, store: str) -> None:
    first = work / "bundle"
    with tracked("train detector", []) as run:
        log_bundle(run, first, "challenger")
    with tracked("promote", []) as run:
        log_bundle(run, first, "champion")
    opened = client(store)
    assert opened.get_model_version_by_alias("neural-lab", "champion").version == 1
    (first / "manifest.json").write_text('{"files": {"other": "1"}}')
    with tracked("promote", []) as run:
        log_bundle(run, first, "champion")
    champion = opened.get_model_version_by_alias("neural-lab", "champion")
    challenger = opened.get_model_version_by_alias("neural-lab", "challenger")
    assert (champion.version, challenger.version) == (2, 1)
    assert champion.source.endswith("/artifacts/bundle")


def test_a_switch_moves_the_alias_and_sends_what_is_known_no_second_time(work: Path, store: str) -> None:
    first, second = work / "bundle", work / "out"
    (second / "manifest.json").write_text('{"files": {"other": "1"}}')
    opened = client(store)
    for bundle, version in ((first, 1), (second, 2), (first, 1)):
        log_switch("detectors promote", "own-1", bundle)
        assert opened.get_model_version_by_alias("neural-lab", "champion").version == version
    found = runs(store)
    assert sorted(len(opened.list_artifacts(each.info.run_id)) for each in found) == [0, 1, 1]
    assert {each.data.params["version"] for each in found} == {"own-1"}


def test_no_connection_is_opened(work: Path, store: str) -> None:
    """Outside of tests and continuous integration, where MLflow itself keeps silent."""
    free = {name: value for name, value in os.environ.items() if name not in CI_SIGNS}
    command = [sys.executable, "-c", WATCHED, str(work)]
    done = subprocess.run(command, env=free, capture_output=True, text=True, timeout=120, cwd=work / "out")
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip() == "[] ['MainThread']"
    assert len(runs(store)) == 1
    assert [path.name for path in (work / "out").iterdir()] == ["card.md"]


def test_a_server_that_is_away_is_said_to_be(work: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    needed("mlflow")
    monkeypatch.setenv("NEURAL_LAB_TRACKING", "http://somebody:password@127.0.0.1:9")
    monkeypatch.setenv("MLFLOW_HTTP_REQUEST_MAX_RETRIES", "0")
    with pytest.raises(StoreUnavailable, match=r"127\.0\.0\.1:9") as told, tracked("evaluate", []):
        pass
    assert "password" not in told.value.message


def test_without_mlflow_the_setting_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NEURAL_LAB_TRACKING", "file:")
    monkeypatch.setitem(sys.modules, "mlflow.entities", None)
    with pytest.raises(InvalidRequest, match="mlops"):
        open_tracker()


@pytest.mark.parametrize("given", ["sqlite:///runs.db", "ftp://host", "somewhere", "databricks"])
def test_other_places_are_refused(given: str) -> None:
    with pytest.raises(InvalidRequest, match="NEURAL_LAB_TRACKING"):
        address(given)


def test_places_become_urls(home: Path, tmp_path: Path) -> None:
    assert address("file:") == (home / "tracking").as_uri()
    assert address(f"file:{tmp_path}") == tmp_path.as_uri()
    assert address("https://host/path") == "https://host/path"


def test_a_card_becomes_numbers() -> None:
    assert metrics(CARD) == FLAT
    assert json.dumps(metrics({"passed": True, "empty": [], "three": [1, 2, 3]})) == '{"passed": 1.0}'
