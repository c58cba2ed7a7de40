"""Texts compared with one another over HTTP: what the command says of the same files, within limits."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from api_client import in_process, is_problem
from command_line import OTHER, PASSAGE, THIRD
from reading_files import lines, pdf
from typer.testing import CliRunner

from neural_lab.api.routes import compare as route
from neural_lab.cli import app

FILES = {
    "a.txt": f"I begin alone. {PASSAGE} So much for that.".encode(),
    "b.md": f"# Essay\n\n{THIRD}\n\n> {PASSAGE}\n".encode(),
    "c.html": f"<p>{OTHER}</p><blockquote>{PASSAGE} It went on.</blockquote>".encode(),
    "d.pdf": pdf([lines(*(f"{OTHER}"[at : at + 80] for at in range(0, len(OTHER), 80)))]),
}
OPTIONS: list[tuple[dict[str, Any], tuple[str, ...]]] = [
    ({}, ()),
    ({"quotations": True}, ("--exclude", "quotations")),
    ({"smaller_than": 10_000}, ("--exclude", "small", "--smaller-than", "10000")),
    ({"bibliography": True, "drafts": True}, ("--exclude", "bibliography,drafts")),
]
MANY_PLACES = [{"start": at, "end": at + 1} for at in range(1_001)]


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    with in_process(tmp_path_factory.mktemp("home")) as made:
        yield made


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name, data in FILES.items():
        (tmp_path / name).write_bytes(data)
    return tmp_path


def command(folder: Path, *options: str) -> Any:
    found = CliRunner().invoke(app, ["compare", *(str(folder / name) for name in FILES), "--json", *options])
    assert found.exit_code == 0, found.output
    return json.loads(found.stdout)


def documents(client: Any, folder: Path) -> list[dict[str, Any]]:
    """The files as the page reads them."""
    texts = [client.post("/v1/texts", files={"file": (name, data)}).json() for name, data in FILES.items()]
    names = ("text", "title", "quoted", "pages")
    return [{**{n: text[n] for n in names}, "path": str(folder / text["path"])} for text in texts]


@pytest.mark.parametrize(("exclusions", "options"), OPTIONS)
def test_it_is_the_comparison_of_the_command(
    client: Any, folder: Path, exclusions: dict[str, Any], options: tuple[str, ...]
) -> None:
    body = {"documents": documents(client, folder), "exclusions": exclusions}
    answer = client.post("/v1/compare", json=body)
    assert answer.status_code == 200, answer.text
    assert answer.json() == command(folder, *options)


def test_what_everybody_was_given_does_not_count(client: Any, folder: Path) -> None:
    (template := folder / "given.txt").write_text(PASSAGE)
    body = {"documents": documents(client, folder), "templates": [PASSAGE]}
    found = client.post("/v1/compare", json=body).json()
    assert found == command(folder, "--template", str(template))
    assert found["matrix"][0] == [0, 0, 0, 0]


def test_pairs_and_shares_are_those_of_the_texts(client: Any, folder: Path) -> None:
    found = client.post("/v1/compare", json={"documents": documents(client, folder)}).json()
    assert {(pair["a"], pair["b"]) for pair in found["pairs"]} == {(0, 1), (0, 2), (1, 2), (2, 3)}
    for pair in found["pairs"]:
        shares = found["matrix"][pair["a"]][pair["b"]], found["matrix"][pair["b"]][pair["a"]]
        assert pair["share"] == max(shares)


def test_it_searches_no_library_and_keeps_nothing(client: Any) -> None:
    client.post("/v1/library", json={"sources": [{"text": PASSAGE}]})
    texts = [{"text": PASSAGE}, {"text": OTHER}]
    found = client.post("/v1/compare", json={"documents": texts}).json()
    assert found["pairs"] == []
    assert client.get("/v1/library/stats").json()["sources"] == 1
    assert client.get("/v1/history").json()["entries"] == []


@pytest.mark.parametrize(
    "body",
    [
        {"documents": []},
        {"documents": [{"text": PASSAGE}]},
        {"documents": [{"text": PASSAGE}] * 201},
        {"documents": [{"text": PASSAGE}, {"text": " "}]},
        {
            "documents": [
                {"text": PASSAGE},
                {"text": OTHER, "pages": [{"number": 1, "start": 0, "end": 9_999}]},
            ]
        },
        {"documents": [{"text": PASSAGE, "quoted": [{"start": 4, "end": 2}]}, {"text": OTHER}]},
        {"documents": [{"text": "x" * 5_000, "quoted": MANY_PLACES}] * 2},
        {"documents": [{"text": PASSAGE}] * 2, "exclusions": {"itself": True}},
        {"documents": [{"text": PASSAGE}] * 2, "templates": [""]},
    ],
)
def test_a_body_of_another_shape_is_refused(client: Any, body: dict[str, Any]) -> None:
    is_problem(client.post("/v1/compare", json=body), 422, "invalid_input")


@pytest.mark.parametrize("count", [2, 200])
def test_texts_that_are_too_long_together_are_left_to_the_command(client: Any, count: int) -> None:
    most = route.most_characters(count)
    text = {"text": "x" * (most // count)}
    assert client.post("/v1/compare", json={"documents": [text] * count}).status_code == 200
    over = {"documents": [{"text": text["text"] + "x"}, *[text] * (count - 1)]}
    found = is_problem(client.post("/v1/compare", json=over), 422, "cohort_too_large")
    assert f"{most:,} characters" in found["detail"]
    assert "neural-lab compare" in found["detail"]


def test_its_characters_count(tmp_path: Path) -> None:
    with in_process(tmp_path / "home", character_rate="1000/60") as client:
        body = {"documents": [{"text": "a" * 400}, {"text": "b" * 400}]}
        assert [client.post("/v1/compare", json=body).status_code for _ in range(2)] == [200, 429]
