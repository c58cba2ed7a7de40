"""Texts while they are written: appended, listed, handed out whole, and deleted."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterator

import pytest
from asking import Site, quick_passwords, site, without_detector
from helpers import needed

needed("fastapi")

from neural_lab.trail import FIRST, FORM, Snapshot, verify

ONE, TWO = "3f0f9a52-7d0c-4a43-9a8e-0b5c7a1d2e3f", "00000000-0000-4000-8000-000000000000"
PATH, TEXTS = "/v1/trails", ["", "Der Fährmann", "Der Fährmann zählte 𝔣ünf Reiher.", "Der Fährmann"]


@pytest.fixture
def lab(monkeypatch: pytest.MonkeyPatch) -> Iterator[Site]:
    quick_passwords(monkeypatch)
    without_detector(monkeypatch)
    with site() as opened:
        yield opened


def written(lab: Site, draft: str = ONE, title: str = "Ledger") -> None:
    for text in TEXTS:
        answer = lab.ask("POST", f"{PATH}/{draft}", {"text": text, "title": title})
        assert answer.status == 200


def test_a_trail_comes_back_as_it_was_written(lab: Site) -> None:
    written(lab)
    whole = lab.ask("GET", f"{PATH}/{ONE}")
    assert whole.header("content-type") == "application/json"
    found = whole.json
    assert (found["schema"], found["flaws"]) == (1, [])
    assert [each["text"] for each in found["snapshots"]] == TEXTS
    assert found["draft"] == lab.ask("GET", PATH).json["drafts"][0]
    assert (found["draft"]["title"], found["draft"]["snapshots"]) == ("Ledger", 4)
    without = lab.ask("GET", f"{PATH}/{ONE}?texts=false").json
    bare = [{name: each[name] for name in each if name != "text"} for each in found["snapshots"]]
    assert without == {**found, "snapshots": bare}
    assert verify([Snapshot(**each) for each in bare], dict(enumerate(TEXTS, 1))) == []


def test_an_unchanged_text_is_no_new_snapshot(lab: Site) -> None:
    first = lab.ask("POST", f"{PATH}/{ONE}", {"text": "The river"}).json
    assert first["draft"] == ONE
    assert (first["snapshot"]["seq"], first["snapshot"]["previous"]) == (1, FIRST)
    assert lab.ask("POST", f"{PATH}/{ONE}", {"text": "The river", "title": "Named"}).json == first
    assert lab.ask("GET", PATH).json["drafts"][0]["title"] == "Named"


def test_everybody_can_compute_a_digest(lab: Site) -> None:
    written(lab)
    for each in lab.ask("GET", f"{PATH}/{ONE}").json["snapshots"]:
        line = f"{FORM} {each['previous']} {each['seq']} {each['at']} {each['text_sha256']}"
        for given, expected in ((line, each["digest"]), (each["text"], each["text_sha256"])):
            said = subprocess.run(["sha256sum"], input=given.encode(), capture_output=True, check=True).stdout
            assert said.decode().split()[0] == expected


def test_what_was_changed_in_the_database_is_told(lab: Site) -> None:
    written(lab)
    with lab.worker.store._database.writing() as connection:
        connection.execute("update snapshot set at = '2020-01-01T00:00:00Z' where seq = 2")
        moved = "update snapshot set text = (select text from snapshot where seq = 1) where seq = 3"
        connection.execute(moved)
    flaws = lab.ask("GET", f"{PATH}/{ONE}").json["flaws"]
    kinds = [(each["seq"], each["kind"]) for each in flaws]
    assert kinds == [(2, "time"), (2, "digest"), (3, "characters"), (3, "text")]


@pytest.mark.parametrize("draft", ["1", ONE.upper(), ONE.replace("-", ""), f"{ONE}0", "%00"])
def test_a_name_has_to_be_a_uuid(lab: Site, draft: str) -> None:
    for method, body in (("POST", {"text": "The river"}), ("GET", None), ("DELETE", None)):
        answer = lab.ask(method, f"{PATH}/{draft}", body)
        assert (answer.status, answer.json["code"]) == (422, "invalid_input")


def test_what_is_deleted_is_gone(lab: Site) -> None:
    written(lab, ONE)
    written(lab, TWO)
    assert lab.ask("DELETE", f"{PATH}/{ONE}").status == 204
    for method in ("GET", "DELETE"):
        answer = lab.ask(method, f"{PATH}/{ONE}")
        assert (answer.status, answer.json["code"]) == (404, "no_draft")
    assert lab.ask("DELETE", PATH).json == {"deleted": 1}
    assert lab.ask("GET", PATH).json == {"schema": 1, "drafts": []}


def test_where_nothing_is_kept_no_trail_is(lab: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    written(lab)
    lab.ask("PUT", "/v1/preferences", {"zero_retention": True})
    answer = lab.ask("POST", f"{PATH}/{ONE}", {"text": "More"})
    assert (answer.status, answer.json["code"]) == (403, "zero_retention")
    monkeypatch.setattr(lab.worker, "keeps", False)
    answer = lab.ask("POST", f"{PATH}/{ONE}", {"text": "More"})
    assert (answer.status, answer.json["code"]) == (403, "nothing_kept")
    # What is there already can still be read and deleted.
    assert len(lab.ask("GET", f"{PATH}/{ONE}").json["snapshots"]) == 4
    assert lab.ask("DELETE", f"{PATH}/{ONE}").status == 204


def test_everything_can_be_taken_along(lab: Site) -> None:
    lab.ask("POST", "/v1/library", {"sources": [{"text": "A source of mine.", "title": "Source"}]})
    lab.ask("POST", "/v1/audit", {"text": "The bus was late.", "title": "Report"})
    written(lab)
    said = lab.ask("GET", "/v1/export")
    assert said.header("content-type") == "application/x-ndjson"
    records = [json.loads(line) for line in said.text.splitlines()]
    assert [each["record"] for each in records] == ["preferences", "report", *["snapshot"] * 4, "source"]
    assert [each["text"] for each in records[1:]] == ["The bus was late.", *TEXTS, "A source of mine."]
    assert records[2]["draft"] == ONE
    assert all(each["schema"] == 1 for each in records)
