"""What people are told of a text is the same wherever the service tells it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from api_client import SHORT, TEXTS, ended, in_process
from typer.testing import CliRunner

from neural_lab.backends.bundle import DISTRIBUTIONS
from neural_lab.cli import app
from neural_lab.compose import EMBEDDED
from neural_lab.report import words

LONG = " ".join(TEXTS) + " " + " ".join(f"On day {n} we walked {n + 2} miles." for n in range(40))


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    with in_process(tmp_path_factory.mktemp("home")) as made:
        yield made


@pytest.mark.parametrize("text", [SHORT, LONG])
def test_it_is_the_same_alone_in_a_batch_in_a_job_and_kept(client: Any, text: str) -> None:
    alone = client.post("/v1/documents", json={"text": text}).json()
    batch = client.post("/v1/detect", json={"documents": [{"text": text}]}).json()["documents"][0]
    number = client.post("/v1/jobs", json={"documents": [{"text": text}], "keep": False}).json()["id"]
    row = ended(client, number)["result"]["documents"][0]
    kept = client.get(f"/v1/history/{alone['entry']}").json()["report"]
    assert alone["shown"] == batch["shown"] == row["shown"] == kept["shown"]
    assert alone["shown"]["measurable"] is (text is LONG)


def test_its_numbers_are_those_of_the_document(client: Any) -> None:
    found = client.post("/v1/documents", json={"text": LONG, "keep": False}).json()
    shown, document = found["shown"], found["document"]
    assert shown["number"] == words.percent(document["probability"])
    assert shown["verdict"] == words.VERDICTS[document["verdict"]]
    shares = [document["breakdown"][side] for side in ("machine", "mixed", "human")]
    assert shares[0] + shares[1] + shares[2] == 1
    assert found["document"]["text_sha256"] in shown["origin"].values()


def test_it_is_what_the_command_prints(client: Any, tmp_path: Path) -> None:
    shown = client.post("/v1/documents", json={"text": LONG, "keep": False}).json()["shown"]
    file = tmp_path / "text.txt"
    file.write_text(LONG)
    printed = " ".join(CliRunner().invoke(app, ["check", str(file)], env={"COLUMNS": "2000"}).stdout.split())
    for said in (shown["probability_line"], shown["breakdown"]["line"], *shown["rates"], shown["target"]):
        assert " ".join(said.split()) in printed
    as_json = json.loads(CliRunner().invoke(app, ["check", str(file), "--json"]).stdout)
    assert as_json["documents"][0]["breakdown"]["human_to"] == 0.5


def test_rhythm_can_be_drawn_from_the_sentences(client: Any) -> None:
    """A surprise for every sentence with a token, and how many words it has."""
    document = client.post("/v1/documents", json={"text": LONG, "keep": False}).json()["document"]
    for sentence in document["sentences"]:
        assert sentence["signals"]["log_perplexity"] > 0
        assert sentence["signals"]["sentence_length"] > 0


def test_a_detector_shows_how_its_signals_are_distributed(client: Any) -> None:
    card = client.get("/v1/detectors/embedded").json()
    file = json.loads((EMBEDDED / DISTRIBUTIONS).read_text())
    assert card["distributions"] == file
    means = client.post("/v1/documents", json={"text": LONG, "keep": False}).json()["shown"]["signals"]
    assert {each["key"] for each in means} == set(card["reference"])
    assert {each["key"] for each in means if each["main"]} < set(card["distributions"]["signals"])
