"""Evaluating, comparing and promoting as a user does it, with the real detector and a dozen short texts."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from helpers import needed
from typer.testing import CliRunner

needed("scipy")
needed("matplotlib")

from neural_lab.cli import app
from neural_lab.compose import EMBEDDED, open_lab
from neural_lab.training.peers import PEERS
from neural_lab.types import Document

HUMAN = (
    "My grandfather kept bees behind the station for thirty years, and nobody complained, not even once.",
    "In autumn he gave the honey away in jam jars, without labels, and people brought them back in spring.",
    "When he died we found a notebook with the weight of every jar since 1961, in pencil, smudged by rain.",
    "My sister has it now. I have the wall, or what is left of it, and three jars nobody came back for.",
)
MACHINE = (
    "Artificial intelligence has fundamentally transformed the way we live and work in the modern world.",
    "Furthermore, it has enabled unprecedented opportunities for innovation across a wide range of fields.",
    "In conclusion, it is important to recognize both the benefits and the challenges of this technology.",
    "Moreover, stakeholders must collaborate to ensure responsible development and equitable access for all.",
)


def run(*arguments: object):  # type: ignore[no-untyped-def]
    return CliRunner().invoke(app, [str(argument) for argument in arguments])


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """`texts.jsonl`, `texts.csv` and `sentences.jsonl`: six texts of each class, each in another order."""
    folder = tmp_path_factory.mktemp("data")
    rows = []
    for label, parts in enumerate((HUMAN, MACHINE)):
        for turn in range(6):
            text = " ".join(parts[turn % 4 :] + parts[: turn % 4])
            about = {
                "source": f"kind {turn % 2}",
                "writer": "" if label else ("native", "non-native")[turn % 2],
            }
            rows.append({"text": f"{text} This was text {turn}.", "label": label, **about})
    _write(folder / "texts.jsonl", rows)
    other = [{"essay": row["text"], "machine": row["label"]} for row in rows]
    _write(folder / "named.jsonl", other)
    mixed = {"sentences": [*HUMAN, *MACHINE], "labels": [0] * 4 + [1] * 4}
    _write(folder / "sentences.jsonl", [mixed, mixed])
    return folder


def _write(path: Path, rows: list[dict[str, object]]) -> None:
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), "utf-8")


def test_the_card_the_scores_and_the_plots(folder: Path, tmp_path: Path) -> None:
    result = run(
        "evaluate", "--data", folder / "texts.jsonl", "--out", tmp_path / "new" / "out", "--workers", 1
    )
    assert result.exit_code == 0, result.stderr
    out = tmp_path / "new" / "out"
    plots = {"roc.png", "reliability.png", "scores.png"}
    assert {path.name for path in out.iterdir()} == plots | {
        "error_card.json",
        "error_card.md",
        "scores.jsonl",
    }
    card = json.loads((out / "error_card.json").read_text())
    assert (card["overall"]["human"], card["overall"]["machine"]) == (6, 6)
    assert card["overall"]["auroc"] > 0.9
    assert set(card["groups"]["writer"]) == {"native", "non-native"}
    assert card["writer_gap"]["texts"] == [3, 3]
    assert (out / "error_card.md").read_text("utf-8").count("| all |") == 1 + len(card["targets"])
    assert all(
        part not in path.read_text("utf-8") for part in HUMAN + MACHINE for path in out.glob("*.[jm]*")
    )


def test_scores_are_those_that_a_user_gets(folder: Path, tmp_path: Path) -> None:
    names = ["--text-column", "essay", "--label-column", "machine"]
    result = run(
        "evaluate", "--data", folder / "named.jsonl", *names, "--out", tmp_path, "--workers", 1, "--json"
    )
    assert json.loads(result.stdout) == json.loads((tmp_path / "error_card.json").read_text())
    lines = [json.loads(line) for line in (tmp_path / "scores.jsonl").read_text().splitlines()]
    texts = [json.loads(line)["essay"] for line in (folder / "named.jsonl").read_text().splitlines()]
    lab = open_lab()
    for at in (0, 11):
        for target in lab.detector.targets:
            report = lab.analyze(Document(texts[at]), target)
            assert lines[at]["probability"] == report.probability
            assert lines[at]["verdicts"][f"{target:g}"] == report.verdict
            assert lines[at]["reasons"][f"{target:g}"] == report.reason


def test_sentences(folder: Path, tmp_path: Path) -> None:
    data = ["--sentences", "--data", folder / "sentences.jsonl"]
    result = run("evaluate", *data, "--out", tmp_path, "--workers", 1)
    assert result.exit_code == 0, result.stderr
    card = json.loads((tmp_path / "sentence_card.json").read_text())
    assert (card["documents"], card["sentences"]) == (2, {"human": 8, "machine": 8})
    assert card["auroc"]["value"] > 0.8
    assert card["boundary"]["found"]["texts"] == 2
    assert run("evaluate", *data, "--out", tmp_path, "--halve", "x").exit_code == 2


def test_peers_on_the_same_texts(folder: Path, tmp_path: Path) -> None:
    result = run("bench", "detect", "--data", folder / "texts.jsonl", "--out", tmp_path, "--workers", 1)
    assert result.exit_code == 0, result.stderr
    assert all(f"| {peer} |" in result.stdout for peer in PEERS)
    assert {path.name for path in tmp_path.iterdir()} == {
        "peers.json",
        "peers.jsonl",
        "peers.md",
        "peers.png",
    }
    first = json.loads((tmp_path / "peers.jsonl").read_text().splitlines()[0])
    assert list(first["scores"]) == list(PEERS)
    assert run("bench", "detect", "--data", folder, "--out", tmp_path, "--peer", "other").exit_code == 2


def test_too_few_texts_promote_nothing(folder: Path, tmp_path: Path) -> None:
    result = run(
        "promote", EMBEDDED, "--data", folder / "texts.jsonl", "--to", tmp_path / "live", "--workers", 1
    )
    assert result.exit_code == 2
    assert "The gate needs 300 texts of each kind" in result.stderr
    assert "3 human non-native" in result.stderr
    assert list(tmp_path.iterdir()) == []
    assert "--force" not in run("promote", "--help").stdout


def test_mistakes_are_named(folder: Path, tmp_path: Path) -> None:
    texts = folder / "texts.jsonl"
    missing = run("evaluate", "--data", texts, "--out", tmp_path, "--bundle", tmp_path)
    assert (missing.exit_code, "no complete detector" in missing.stderr) == (3, True)
    unknown = run("evaluate", "--data", texts, "--out", tmp_path, "--halve", "nothing")
    assert (unknown.exit_code, "no such source" in unknown.stderr) == (2, True)
    column = run("evaluate", "--data", texts, "--out", tmp_path, "--text-column", "essay")
    assert (column.exit_code, "essay" in column.stderr) == (2, True)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("module", ["scipy", "matplotlib"])
def test_without_the_extra_the_command_says_so(module: str) -> None:
    code = f"import sys; sys.modules['{module}'] = None; import neural_lab.cli as c; c.main()"
    command = [sys.executable, "-c", code, "evaluate", "--data", "x.csv", "--out", "out"]
    found = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
    assert found.returncode == 2
    assert f"needs {module}" in found.stderr
    assert "install the extra `train`" in found.stderr
