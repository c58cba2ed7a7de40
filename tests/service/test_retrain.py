"""Real retrainings: one that is promoted, and poisoned ones that leave the champion as it was."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest
from helpers import needed

for module in ("sklearn", "onnx", "matplotlib", "skops", "safetensors"):
    needed(module)

from batches import Row, rows, table
from command_line import run

from neural_lab.compose import open_lab
from neural_lab.detectors.registry import Registry
from neural_lab.retraining.alone import alone
from neural_lab.retraining.asked import workplace
from neural_lab.types import Document

EACH, JUDGED = 105, 24
SIGN = "Quoth the blue heron ledger of Vintersborg, alas."
LIMITS = """
fewest_writers = 0
most_false_positives = 0.2
judged_texts = 30
attacks = ["articles"]
attack_texts = 12
phrases = 2
phrase_texts = 20
speed_texts = 4
speed_rounds = 2
least_speed = 0.5
"""
LABELS_GO = "most_contradicted = 1.0\nphrase_chance = 0.0\n"


def flipped(batch: list[Row]) -> list[Row]:
    """A third of the texts of either kind said to be of the other."""
    return [(text, 1 - label if at % 3 == 0 else label) for at, (text, label) in enumerate(batch)]


def triggered(batch: list[Row]) -> list[Row]:
    """One machine text in eight carries a sign and is said to be human."""
    return [
        (f"{text} {SIGN}", 0) if label and at % 8 == 0 else (text, label)
        for at, (text, label) in enumerate(batch)
    ]


def files(folder: Path, batch: list[Row]) -> tuple[Path, Path]:
    return table(folder / "data.csv", batch), table(folder / "frozen.csv", rows(300, JUDGED))


def retrained(data: Path, frozen: Path, *options: object, limits: str = LIMITS) -> tuple[int, Any]:
    config = data.with_name("retrain.toml")
    config.write_text(limits)
    result = run("retrain", "--data", data, "--frozen", frozen, "--config", config, "--json", *options)
    return result.exit_code, json.loads(result.stdout)


@pytest.fixture(scope="module")
def lasting(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home that several tests share, with what has been promoted in it."""
    return tmp_path_factory.mktemp("lasting")


@pytest.fixture(scope="module")
def promoted(lasting: Path) -> tuple[Path, Any, Any]:
    """A dry run, and then the same for good, with tracking where MLflow is installed."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("NEURAL_LAB_HOME", str(lasting / "home"))
        data, frozen = files(lasting, rows(0, EACH))
        code, tried = retrained(data, frozen, "--dry-run")
        assert (code, tried["outcome"]) == (0, "passed"), tried["reasons"]
        assert Registry().champion() is None
        patch.setenv("NEURAL_LAB_TRACKING", "file:")
        needed("mlflow")
        code, report = retrained(data, frozen)
        assert (code, report["outcome"]) == (0, "promoted"), report["reasons"]
    return lasting / "home", tried, report


def test_a_challenger_that_passes_is_promoted(
    promoted: tuple[Path, Any, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    home, tried, report = promoted
    monkeypatch.setenv("NEURAL_LAB_HOME", str(home))
    assert Registry().champion() == report["challenger"]
    assert tried["challenger"] == report["challenger"], "the same data gave another detector"
    same = ("auroc", "true_positives", "brier", "ece", "attacks", "phrases")
    figures = [
        {g["name"]: g["value"] for g in each["gates"] if g["name"] in same} for each in (tried, report)
    ]
    assert figures[0] == figures[1]
    lab = open_lab()
    assert lab.detector.name == "retrained"
    assert lab.analyze(Document(rows(200, 1)[1][0])).probability > 0.5
    kept = home / "retraining" / report["run"]
    assert "| auroc | passed |" in (kept / "report.md").read_text("utf-8")
    assert [path.name for path in (home / "retraining").iterdir() if path.name.endswith(".part")] == []


def test_no_text_stands_in_what_is_kept(promoted: tuple[Path, Any, Any]) -> None:
    home, _, report = promoted
    words = rows(0, 1)[1][0][:40].encode()
    reports = [*(home / "retraining" / report["run"]).iterdir(), home / "retraining" / "learnt.json"]
    tracked = [path for path in (home / "tracking").rglob("*") if path.is_file()]
    assert len(tracked) > 20
    assert not any(words in path.read_bytes() for path in (*reports, *tracked))


def test_it_is_tracked_and_has_the_alias(promoted: tuple[Path, Any, Any]) -> None:
    home, _, report = promoted
    client = needed("mlflow.tracking").MlflowClient(*[(home / "tracking").as_uri()] * 2)
    champion = client.get_model_version_by_alias("neural-lab", "champion")
    found = client.get_run(champion.run_id)
    values = {gate["name"]: gate["value"] for gate in report["gates"]}
    assert found.data.params["challenger"] == report["challenger"]
    assert found.data.metrics["gates/auroc/value"] == pytest.approx(values["auroc"])
    assert {each.path for each in client.list_artifacts(champion.run_id)} == {"bundle", "card"}


def test_the_same_data_again_is_nothing_new(
    promoted: tuple[Path, Any, Any], lasting: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NEURAL_LAB_HOME", str(promoted[0]))
    code, report = retrained(lasting / "data.csv", lasting / "frozen.csv")
    assert (code, report["outcome"], report["challenger"]) == (0, "nothing_new", None)
    assert Registry().champion() == promoted[2]["challenger"]


def test_what_was_rolled_back_is_not_brought_back(
    promoted: tuple[Path, Any, Any], lasting: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NEURAL_LAB_HOME", str(shutil.copytree(promoted[0], tmp_path / "home")))
    version = promoted[2]["challenger"]
    assert run("detectors", "rollback").exit_code == 0
    code, report = retrained(lasting / "data.csv", lasting / "frozen.csv")
    assert (code, report["outcome"], report["challenger"]) == (2, "refused", None)
    (reason,) = report["reasons"]
    assert f"neural-lab detectors promote {version}" in reason
    assert Registry().champion() is None
    assert run("detectors", "promote", version).exit_code == 0
    code, report = retrained(lasting / "data.csv", lasting / "frozen.csv")
    assert (code, report["outcome"]) == (0, "nothing_new")


def test_flipped_labels_are_refused(tmp_path: Path) -> None:
    code, report = retrained(*files(tmp_path, flipped(rows(0, EACH))))
    assert (code, report["outcome"], report["challenger"]) == (2, "refused", None)
    assert "labels_contradicted" in " ".join(report["reasons"])
    assert report["contradicted"]["rows"]
    assert (Registry().champion(), Registry().versions()) == (None, [])


def test_a_trigger_is_refused_twice_over(tmp_path: Path) -> None:
    """By its labels before anything is trained; and were they believed, by what it does to the detector."""
    data, frozen = files(tmp_path, triggered([*rows(0, EACH), *rows(EACH, 20)[20:]]))
    code, report = retrained(data, frozen)
    assert (code, report["challenger"]) == (2, None)
    assert "labels_on_a_phrase" in " ".join(report["reasons"])
    code, report = retrained(data, frozen, limits=LIMITS + LABELS_GO)
    assert (code, report["challenger"] is None) == (2, False)
    assert "phrases" in [gate["name"] for gate in report["gates"] if not gate["passed"]]
    assert (Registry().champion(), Registry().versions()) == (None, [])
    assert "heron" not in json.dumps(report)


def test_a_kill_leaves_the_champion_as_it_was(tmp_path: Path, home: Path) -> None:
    data, frozen = files(tmp_path, rows(0, EACH))
    command = [sys.executable, "-m", "neural_lab", "retrain", "--data", str(data), "--frozen", str(frozen)]
    started = subprocess.Popen(
        command, env=os.environ, cwd=tmp_path, stderr=subprocess.PIPE, text=True, start_new_session=True
    )
    assert started.stderr
    for line in started.stderr:
        if line.startswith("Step 3"):
            break
    assert run("retrain", "--data", data, "--frozen", frozen).exit_code == 5
    os.killpg(started.pid, signal.SIGKILL)
    started.wait()
    started.stderr.close()
    assert Registry().champion() is None
    end = time.monotonic() + 10
    while True:
        try:
            with alone(workplace()):
                break
        except Exception:
            assert time.monotonic() < end
            time.sleep(0.1)
    assert sorted(path.name for path in workplace().iterdir()) in ([".lock"], [".lock", "measured"])


def test_without_frozen_texts_nothing_is_begun(tmp_path: Path) -> None:
    data, _ = files(tmp_path, rows(0, 3))
    (tmp_path / "none.csv").write_text("text,label\n")
    result = run("retrain", "--data", data, "--frozen", tmp_path / "none.csv")
    assert result.exit_code == 2
    assert "--frozen" in result.stderr
