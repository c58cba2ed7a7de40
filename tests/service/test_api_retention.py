"""Whether reports on documents and jobs are kept, with a detector, and what the command line makes of it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from api_client import SHORT, ended, in_process
from command_line import run

from neural_lab.compose import open_store
from neural_lab.preferences import Choices
from neural_lab.settings import read_settings


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    with in_process(tmp_path_factory.mktemp("home")) as made:
        yield made


@pytest.mark.parametrize(
    ("chosen", "asked", "kept"),
    [
        ({}, {}, 1),
        ({}, {"keep": False}, 0),
        ({"keep": False}, {}, 0),
        ({"keep": False}, {"keep": None}, 0),
        ({"keep": False}, {"keep": True}, 1),
        ({"zero_retention": True}, {"keep": True}, 0),
    ],
)
def test_reports_are_kept_as_the_owner_chose(
    client: Any, chosen: dict[str, Any], asked: dict[str, Any], kept: int
) -> None:
    client.put("/v1/preferences", json=chosen)
    client.delete("/v1/history")
    entry = client.post("/v1/documents", json={"text": SHORT, **asked}).json()["entry"]
    assert (entry is not None) == bool(kept)
    added = client.post("/v1/jobs", json={"documents": [{"text": SHORT}], **asked}).json()
    assert ended(client, added["id"])["state"] == "done"
    assert len(client.get("/v1/history").json()["entries"]) == 2 * kept
    form = {name: json.dumps(value) for name, value in asked.items() if value is not None}
    answer = client.post("/v1/documents", files={"file": ("a.txt", SHORT.encode())}, data=form)
    assert (answer.json()["entry"] is not None) == bool(kept)


@pytest.mark.parametrize(
    ("chosen", "kept"), [(Choices(), 2), (Choices(keep=False), 1), (Choices(zero_retention=True), 1)]
)
def test_the_command_line_keeps_reports_as_its_owner_chose(
    folder: Path, home: Path, chosen: Choices, kept: int
) -> None:
    """The page of a service on this computer has the same owner."""
    assert run("library", "add", folder / "sources").exit_code == 0
    assert run("audit", folder / "essay.txt").exit_code == 0
    with closing(open_store(read_settings().store)) as store:
        store.preferences("local").put(chosen)
    assert run("audit", folder / "essay.txt").exit_code == 0
    assert len(json.loads(run("history", "list", "--json").stdout)["entries"]) == kept


def test_the_command_line_takes_everything_along(folder: Path, home: Path, tmp_path: Path) -> None:
    run("library", "add", folder / "sources")
    run("audit", folder / "essay.txt")
    with closing(open_store(read_settings().store)) as store:
        store.trail("local").append("3f0f9a52-7d0c-4a43-9a8e-0b5c7a1d2e3f", "Essay", "I begin", "2026")
    for options, expected in (
        ([], [None]),
        (["--all"], ["preferences", "report", "snapshot", "source", "source"]),
    ):
        to = tmp_path / f"{len(options)}.jsonl"
        assert run("history", "export", to, *options).exit_code == 0
        assert [json.loads(line).get("record") for line in to.read_text().splitlines()] == expected
