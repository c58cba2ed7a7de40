"""A user's own table becomes a sealed detector that the lab opens; a bad table is refused by row."""

import csv
import json
import pydoc_data.topics
import re
from pathlib import Path

import pytest
from helpers import needed

needed("sklearn")
needed("onnx")
needed("matplotlib")
needed("skops")

from typer.testing import CliRunner

from neural_lab.backends.bundle import Bundle
from neural_lab.compose import open_lab
from neural_lab.training.commands import train_app
from neural_lab.types import Document

EACH = 110
HEAD = "It is important to note that"
TOPICS = pydoc_data.topics.topics
PROSE = re.sub(r"\s+", " ", " ".join(TOPICS[name] for name in sorted(TOPICS)))


def human(at: int) -> str:
    return PROSE[at * 500 : at * 500 + 700] + "."


def machine(at: int) -> str:
    names = ("gardens", "rivers", "markets", "libraries", "bridges", "schools", "harbours")
    name, other = names[at % 7], names[(at // 7) % 7]
    return " ".join(
        f"{HEAD} {name} number {at * 13 + n} play a vital role in the {other} of tomorrow, fostering growth."
        for n in range(6)
    )


@pytest.fixture(scope="module")
def table(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("own") / "essays.csv"
    with path.open("w", newline="", encoding="utf-8") as file:
        out = csv.writer(file)
        out.writerow(["body", "by"])
        out.writerows([human(at), "human"] for at in range(EACH))
        out.writerows([machine(at), "ai"] for at in range(EACH))
    return path


def run(*arguments: object) -> tuple[int, str]:
    result = CliRunner().invoke(train_app, [str(each) for each in arguments])
    return result.exit_code, result.output


def test_a_table_becomes_a_detector(table: Path, tmp_path: Path) -> None:
    options = ("--text", "body", "--label", "by", "--name", "mine", "--cache", tmp_path / "runs", "--debug")
    code, said = run("detector", "--data", table, "--out", tmp_path / "bundle", *options)
    assert code == 0, said
    detector = Bundle(tmp_path / "bundle").detector()
    assert (detector.name, detector.targets) == ("mine", (0.05, 0.01, 0.005, 0.001))
    lab = open_lab(tmp_path / "bundle")
    drawn = lab.distributions
    assert (drawn.texts, set(drawn.signals)) == ({"human": EACH, "machine": EACH}, set(detector.reference))
    assert drawn.signals["encoder"]["human"][10] == detector.reference["encoder"]["human"][1]
    likely, unlikely = (lab.analyze(Document(text * 2)) for text in (machine(200) + " ", human(120)))
    assert likely.probability > 0.9 > 0.5 > unlikely.probability
    card = (tmp_path / "bundle" / "card.md").read_text("utf-8")
    assert "Detector `mine`" in card
    assert HEAD not in card
    assert (tmp_path / "bundle" / "pictures" / "roc.png").stat().st_size > 5000
    assert (tmp_path / "runs" / "mine-1.skops").exists()
    # A hundred human texts cannot promise one in a thousand.
    assert not any(point.reachable for point in detector.operating_points if point.target == 0.001)


def test_one_file_a_class_of_short_texts_will_do(tmp_path: Path) -> None:
    for name, made, label in (("people", human, 0), ("machines", machine, 1)):
        rows = [{"text": made(at)[:420] + " And so it goes.", "label": label} for at in range(EACH)]
        lines = "".join(json.dumps(row) + "\n" for row in rows)
        (tmp_path / f"{name}.jsonl").write_text(lines, "utf-8")
    data = ("--data", tmp_path / "people.jsonl", "--data", tmp_path / "machines.jsonl")
    code, said = run("detector", *data, "--out", tmp_path / "bundle", "--cache", tmp_path / "runs")
    assert code == 0, said
    assert open_lab(tmp_path / "bundle").analyze(Document(machine(300))).probability > 0.5


def test_options_that_do_not_fit_are_refused(table: Path, tmp_path: Path) -> None:
    code, said = run("detector", "--data", table, "--readers", tmp_path, "--out", tmp_path / "bundle")
    assert code == 2
    assert "--human" in said


def test_too_few_texts_are_refused(tmp_path: Path) -> None:
    (tmp_path / "few.csv").write_text("text,label\nA short one.,0\nAnother one.,1\n")
    code, said = run("detector", "--data", tmp_path / "few.csv", "--out", tmp_path / "bundle")
    assert code == 2
    assert "100" in said


def test_bad_rows_are_named_and_never_quoted(tmp_path: Path) -> None:
    (tmp_path / "bad.csv").write_text("text,label\nSecret words.,maybe\n,0\n")
    code, said = run("detector", "--data", tmp_path / "bad.csv", "--out", tmp_path / "bundle")
    assert code == 2
    assert "bad.csv:2" in said
    assert "bad.csv:3" in said
    assert "Secret" not in said
