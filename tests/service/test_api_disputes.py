"""Flags that users say are wrong: kept with consent, listed, and withdrawn."""

from __future__ import annotations

from collections.abc import Iterator
from hashlib import sha256
from typing import Any

import pytest
from asking import Site, quick_passwords, site, without_detector
from helpers import needed

needed("fastapi")

PATH, PASSAGE = "/v1/disputes", "Der Fährmann zählte 𝔣ünf Reiher."
GIVEN: dict[str, Any] = {
    "title": "Ledger",
    "text_sha256": sha256(PASSAGE.encode()).hexdigest(),
    "start": 3,
    "end": 3 + len(PASSAGE),
    "passage": PASSAGE,
    "probability": 0.93,
    "detector": {"name": "embedded", "version": "1"},
    "claim": "human",
    "note": "I saw them myself.",
    "consent": True,
}


@pytest.fixture
def lab(monkeypatch: pytest.MonkeyPatch) -> Iterator[Site]:
    quick_passwords(monkeypatch)
    without_detector(monkeypatch)
    with site() as opened:
        yield opened


def listed(lab: Site) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = lab.ask("GET", PATH).json["disputes"]
    return found


def test_a_dispute_is_kept_apart_and_comes_back_as_it_was(lab: Site) -> None:
    answer = lab.ask("POST", PATH, GIVEN)
    assert answer.status == 201
    added = answer.json
    assert {name: added[name] for name in GIVEN if name != "consent"} == {
        name: value for name, value in GIVEN.items() if name != "consent"
    }
    assert added["state"] == "quarantined"
    assert added["created"] == added["consented"]
    assert {"schema": 1, **listed(lab)[0]} == added
    assert lab.ask("POST", PATH, {**GIVEN, "claim": "machine", "note": ""}).status == 201
    assert [each["claim"] for each in listed(lab)] == ["machine", "human"]
    assert len(lab.ask("GET", f"{PATH}?most=1").json["disputes"]) == 1


def test_without_consent_nothing_is_kept(lab: Site) -> None:
    answer = lab.ask("POST", PATH, {**GIVEN, "consent": False})
    assert (answer.status, answer.json["code"]) == (422, "no_consent")
    assert "consent" in answer.json["detail"]
    for consent in (1, "true", None):
        answer = lab.ask("POST", PATH, {**GIVEN, "consent": consent})
        assert [each["field"] for each in answer.json["errors"]] == ["consent"]
    answer = lab.ask("POST", PATH, {name: value for name, value in GIVEN.items() if name != "consent"})
    assert [each["field"] for each in answer.json["errors"]] == ["consent"]
    assert listed(lab) == []


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("text_sha256", "AB" * 32),
        ("start", -1),
        ("passage", ""),
        ("passage", "x" * 10_001),
        ("probability", 1.01),
        ("detector", "embedded 1"),
        ("claim", "both"),
        ("note", "x" * 1_001),
        ("title", "x" * 501),
    ],
)
def test_what_cannot_be_is_refused_and_named(lab: Site, name: str, value: object) -> None:
    answer = lab.ask("POST", PATH, {**GIVEN, name: value})
    assert (answer.status, answer.json["code"]) == (422, "invalid_input")
    assert [each["field"] for each in answer.json["errors"]] == [name]


def test_offsets_have_to_count_characters(lab: Site) -> None:
    """A browser counts the letter outside the first plane twice, and so points elsewhere."""
    units = len(PASSAGE.encode("utf-16-le")) // 2
    answer = lab.ask("POST", PATH, {**GIVEN, "end": 3 + units})
    assert answer.status == 422
    assert "passage" in answer.json["detail"]
    assert PASSAGE not in answer.text
    assert lab.ask("POST", PATH, {**GIVEN, "start": 90, "end": 80}).status == 422


def test_who_withdraws_a_dispute_deletes_it(lab: Site) -> None:
    one, two = (lab.ask("POST", PATH, GIVEN).json["id"] for _ in range(2))
    assert lab.ask("DELETE", f"{PATH}/{one}").status == 204
    assert [each["id"] for each in listed(lab)] == [two]
    again = lab.ask("DELETE", f"{PATH}/{one}")
    assert (again.status, again.json["code"]) == (404, "no_dispute")


def test_where_nothing_is_kept_no_dispute_is(lab: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    lab.ask("PUT", "/v1/preferences", {"zero_retention": True})
    answer = lab.ask("POST", PATH, GIVEN)
    assert (answer.status, answer.json["code"]) == (403, "zero_retention")
    monkeypatch.setattr(lab.worker, "keeps", False)
    answer = lab.ask("POST", PATH, GIVEN)
    assert (answer.status, answer.json["code"]) == (403, "nothing_kept")
    assert listed(lab) == []
