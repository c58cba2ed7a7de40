"""Flags that users say are wrong: kept with consent, listed, reviewed, released and withdrawn."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from hashlib import sha256
from typing import Any

import pytest
from asking import Browser, Site, quick_passwords, site, without_detector
from helpers import needed

needed("fastapi")

PATH, REVIEW, PASSAGE = "/v1/disputes", "/v1/review/disputes", "Der Fährmann zählte 𝔣ünf Reiher."
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
AGREED, PASSWORD = {**GIVEN, "training_consent": True}, "correct horse battery"


@pytest.fixture
def lab(monkeypatch: pytest.MonkeyPatch) -> Iterator[Site]:
    quick_passwords(monkeypatch)
    without_detector(monkeypatch)
    with site() as opened:
        yield opened


@pytest.fixture
def shared(monkeypatch: pytest.MonkeyPatch) -> Iterator[Site]:
    """With accounts: of admins, and of whoever makes one."""
    quick_passwords(monkeypatch)
    without_detector(monkeypatch)
    with site(accounts=True, sign_up=True) as opened:
        yield opened


def user(lab: Site, name: str, admin: bool = False) -> Browser:
    from neural_lab.api.passwords import hashed

    browser = Browser(lab)
    lab.worker.store.accounts().add_user(name, hashed(PASSWORD), admin=admin)
    assert browser.log_in(name, PASSWORD).status == 200
    return browser


def released(lab: Site) -> list[int]:
    """What a retraining would read."""
    return [each.id for each in lab.worker.store.released_disputes()]


def listed(lab: Site) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = lab.ask("GET", PATH).json["disputes"]
    return found


def test_a_dispute_is_kept_apart_and_comes_back_as_it_was(lab: Site) -> None:
    answer = lab.ask("POST", PATH, GIVEN)
    assert answer.status == 201
    added = answer.json
    assert (added["training_consented"], added["reviewed"], added["reviewer"]) == ("", "", 0)
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


def test_who_is_alone_agrees_reviews_and_takes_back(lab: Site) -> None:
    number = lab.ask("POST", PATH, GIVEN).json["id"]
    queue = lab.ask("GET", REVIEW).json
    assert queue["disputes"] == []
    assert queue["counts"] == {"quarantined": 0, "accepted": 0, "rejected": 0, "private": 1}
    assert lab.ask("POST", f"{REVIEW}/{number}", {"decision": "accepted"}).json["code"] == "no_dispute"
    agreed = lab.ask("PATCH", f"{PATH}/{number}", {"training_consent": True})
    assert (agreed.status, agreed.json["training_consented"] >= agreed.json["created"]) == (200, True)
    (shown,) = lab.ask("GET", REVIEW).json["disputes"]
    assert (shown["id"], shown["passage"], shown["note"]) == (number, PASSAGE, GIVEN["note"])
    assert not {"title", "text_sha256", "start", "owner"} & {*shown}
    assert released(lab) == []
    decided = lab.ask("POST", f"{REVIEW}/{number}", {"decision": "accepted", "note": "plausible"})
    assert (decided.status, decided.json["state"], decided.json["reviewer"]) == (200, "accepted", 0)
    assert released(lab) == [number]
    (mine,) = listed(lab)
    assert (mine["state"], mine["review_note"], mine["reviewed"]) == (
        "accepted",
        "plausible",
        decided.json["reviewed"],
    )
    assert lab.ask("PATCH", f"{PATH}/{number}", {"training_consent": False}).json["training_consented"] == ""
    assert released(lab) == []
    assert lab.ask("GET", f"{REVIEW}?state=accepted").json["disputes"] == []
    lab.ask("PATCH", f"{PATH}/{number}", {"training_consent": True})
    assert released(lab) == [number]
    assert lab.ask("DELETE", f"{PATH}/{number}").status == 204
    assert released(lab) == []
    assert lab.ask("PATCH", f"{PATH}/{number}", {"training_consent": True}).status == 404


@pytest.mark.parametrize(
    "body", [{}, {"training_consent": 1}, {"training_consent": True, "state": "accepted"}]
)
def test_consent_is_said_plainly(lab: Site, body: dict[str, Any]) -> None:
    number = lab.ask("POST", PATH, GIVEN).json["id"]
    assert lab.ask("PATCH", f"{PATH}/{number}", body).status == 422
    assert listed(lab)[0]["training_consented"] == ""


@pytest.mark.parametrize("field", ["state", "reviewed", "training_consented", "owner"])
def test_nobody_files_a_decision(lab: Site, field: str) -> None:
    assert lab.ask("POST", PATH, {**AGREED, field: "accepted"}).json["code"] == "invalid_input"
    assert listed(lab) == []


def test_only_admins_review_and_read_what_owners_agreed_to(shared: Site) -> None:
    ada, eve, boss = user(shared, "ada"), user(shared, "eve"), user(shared, "boss", admin=True)
    number = ada.ask("POST", PATH, AGREED).json["id"]
    private = ada.ask("POST", PATH, {**GIVEN, "passage": PASSAGE[::-1]}).json["id"]
    for other in (ada, eve):
        for answer in (
            other.ask("GET", REVIEW),
            other.ask("POST", f"{REVIEW}/{number}", {"decision": "accepted"}),
        ):
            assert (answer.status, answer.json["code"]) == (403, "no_scope")
    assert eve.ask("PATCH", f"{PATH}/{private}", {"training_consent": True}).status == 404
    assert boss.ask("PATCH", f"{PATH}/{private}", {"training_consent": True}).status == 404
    queue = boss.ask("GET", REVIEW)
    assert [each["id"] for each in queue.json["disputes"]] == [number]
    assert queue.json["counts"]["private"] == 1
    assert PASSAGE[::-1] not in queue.text
    assert boss.ask("POST", f"{REVIEW}/{private}", {"decision": "accepted"}).status == 404
    assert released(shared) == []
    reviewer = shared.worker.store.accounts().named("boss").id
    assert boss.ask("POST", f"{REVIEW}/{number}", {"decision": "accepted"}).json["reviewer"] == reviewer
    assert released(shared) == [number]
    exported = [each for each in ada.ask("GET", "/v1/export").text.splitlines() if '"dispute"' in each]
    assert len(exported) == 2
    assert "training_consented" in exported[0]
    assert '"owner"' not in exported[0]
    assert ada.ask("DELETE", "/v1/account", {"password": PASSWORD}).status == 204
    assert released(shared) == []
    assert boss.ask("GET", REVIEW).json["counts"] == dict.fromkeys(queue.json["counts"], 0)


def test_a_decision_is_made_once(shared: Site) -> None:
    ada, boss = user(shared, "ada"), user(shared, "boss", admin=True)
    number = ada.ask("POST", PATH, AGREED).json["id"]

    def decide(decision: str) -> tuple[int, str]:
        answer = boss.ask("POST", f"{REVIEW}/{number}", {"decision": decision})
        return answer.status, answer.json.get("code", "")

    with ThreadPoolExecutor(3) as pool:
        told = sorted(pool.map(decide, ["accepted"] * 3))
    assert told == [(200, ""), (422, "already_decided"), (422, "already_decided")]
    assert decide("rejected") == (200, "")
    assert decide("rejected") == decide("accepted") == (422, "already_decided")
    assert released(shared) == []


def test_who_keeps_nothing_gives_nothing_more_and_takes_all_back(lab: Site) -> None:
    one, two = (lab.ask("POST", PATH, given).json["id"] for given in (GIVEN, AGREED))
    lab.ask("PUT", "/v1/preferences", {"zero_retention": True})
    answer = lab.ask("PATCH", f"{PATH}/{one}", {"training_consent": True})
    assert (answer.status, answer.json["code"]) == (403, "zero_retention")
    assert lab.ask("PATCH", f"{PATH}/{two}", {"training_consent": False}).json["training_consented"] == ""
    assert lab.ask("DELETE", f"{PATH}/{one}").status == 204
