"""What a user has chosen, and what is kept because of it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from asking import Browser, Site, quick_passwords, site, without_detector
from helpers import needed
from redis_server import until

needed("fastapi")

from neural_lab.api import keeping, retention

USUAL = {
    "depth": "library",
    "keep": True,
    "keep_days": None,
    "target": 0.01,
    "theme": "system",
    "as_you_type": True,
    "zero_retention": False,
}
OTHERS = {
    "depth": "writing",
    "keep": False,
    "keep_days": 30,
    "target": 0.001,
    "theme": "dark",
    "as_you_type": False,
    "zero_retention": True,
}
PATH, TEXT = "/v1/preferences", "The bus was late, so I walked home along the river."


@pytest.fixture
def lab(monkeypatch: pytest.MonkeyPatch) -> Iterator[Site]:
    quick_passwords(monkeypatch)
    without_detector(monkeypatch)
    with site() as opened:
        yield opened


def audited(lab: Site, **fields: object) -> int | None:
    """The number under which a report was kept."""
    answer = lab.ask("POST", "/v1/audit", {"text": TEXT, **fields})
    assert answer.status == 200
    found: int | None = answer.json["entry"]
    return found


def test_at_first_everything_is_as_usual(lab: Site) -> None:
    shown = lab.ask("GET", PATH).json
    assert shown == {"schema": 1, "preferences": USUAL, "server": {"keep": True, "keep_days": None}}


def test_choices_are_put_as_a_whole(lab: Site) -> None:
    assert lab.ask("PUT", PATH, OTHERS).json["preferences"] == OTHERS
    assert lab.ask("GET", PATH).json["preferences"] == OTHERS
    assert lab.ask("PUT", PATH, {"keep_days": 7}).json["preferences"] == {**USUAL, "keep_days": 7}
    assert lab.ask("GET", PATH).json["preferences"] == {**USUAL, "keep_days": 7}


def test_a_page_that_knows_old_choices_changes_none_but_its_own(lab: Site) -> None:
    lab.ask("PUT", PATH, OTHERS)
    answer = lab.ask("PATCH", PATH, {"theme": "light", "keep_days": None})
    changed = {**OTHERS, "theme": "light", "keep_days": None}
    assert answer.json == {"schema": 1, "preferences": changed, "server": {"keep": True, "keep_days": None}}
    assert lab.ask("PATCH", PATH, {}).json["preferences"] == changed
    assert lab.ask("GET", PATH).json["preferences"] == changed


@pytest.mark.parametrize("wrong", [{"theme": None}, {"zero_retention": None}, {"keep": 1}, {"colour": "red"}])
def test_a_change_that_means_nothing_is_refused_as_a_whole(lab: Site, wrong: dict[str, object]) -> None:
    answer = lab.ask("PATCH", PATH, {"depth": "writing", **wrong})
    assert (answer.status, answer.json["code"]) == (422, "invalid_input")
    assert lab.ask("GET", PATH).json["preferences"] == USUAL


@pytest.mark.parametrize(
    "wrong",
    [
        {"depth": "drafts"},
        {"keep": 1},
        {"keep_days": 0},
        {"keep_days": 36_501},
        {"keep_days": 1.5},
        {"target": 0},
        {"target": 1.01},
        {"theme": "DARK"},
        {"colour": "red"},
    ],
)
def test_what_means_nothing_is_refused_and_named(lab: Site, wrong: dict[str, object]) -> None:
    answer = lab.ask("PUT", PATH, wrong)
    assert (answer.status, answer.json["code"]) == (422, "invalid_input")
    (field,) = answer.json["errors"]
    assert field["field"] == ("body" if "colour" in wrong else next(iter(wrong)))
    assert lab.ask("GET", PATH).json["preferences"] == USUAL


def test_without_archiving_only_what_is_asked_for_is_kept(lab: Site) -> None:
    assert audited(lab) is not None
    lab.ask("PUT", PATH, {"keep": False})
    assert audited(lab) is audited(lab, keep=None) is audited(lab, keep=False) is None
    assert audited(lab, keep=True) is not None
    assert len(lab.ask("GET", "/v1/history").json["entries"]) == 2


def test_zero_retention_keeps_nothing_whatever_is_asked(lab: Site) -> None:
    before = audited(lab)
    lab.ask("PUT", PATH, {"zero_retention": True})
    assert audited(lab) is audited(lab, keep=True) is None
    # What was kept before is the user's to delete.
    assert [each["id"] for each in lab.ask("GET", "/v1/history").json["entries"]] == [before]


def test_a_service_that_keeps_nothing_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    without_detector(monkeypatch)
    monkeypatch.setenv("NEURAL_LAB_KEEP", "0")
    monkeypatch.setenv("NEURAL_LAB_KEEP_DAYS", "9")
    with site() as lab:
        assert lab.ask("PUT", PATH, {"keep": True}).json["server"] == {"keep": False, "keep_days": 9}
        assert audited(lab, keep=True) is None


def test_users_choose_for_themselves(monkeypatch: pytest.MonkeyPatch) -> None:
    quick_passwords(monkeypatch)
    without_detector(monkeypatch)
    with site(accounts=True, sign_up=True) as lab:
        ada, bob = Browser(lab), Browser(lab)
        for name, browser in (("ada", ada), ("bob", bob)):
            browser.ask("POST", "/v1/account", {"name": name, "password": "correct horse battery"})
        ada.ask("PUT", PATH, {"zero_retention": True})
        entries = [each.ask("POST", "/v1/audit", {"text": TEXT}).json["entry"] for each in (ada, bob)]
        assert entries[0] is None
        assert entries[1] is not None


def test_results_of_jobs_go_soon_where_nothing_is_kept(lab: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    store = lab.worker.store
    for owner in ("local", "you"):
        job, _ = store.jobs(owner).add("check", "{}")
        assert store.queue().claim("worker", "2026-01-01T00:00:00Z", "9999")
        assert store.queue().finish(job.id, "worker", TEXT)
    waiting, _ = store.jobs("local").add("check", "{}")
    lab.ask("PUT", PATH, {"zero_retention": True})
    retention.forget_results(lab.worker)
    assert [len(store.jobs(owner).jobs()) for owner in ("local", "you")] == [2, 1]
    monkeypatch.setattr(retention, "RESULT_SECONDS", -60)
    retention.forget_results(lab.worker)
    assert store.jobs("local").jobs() == [waiting]
    assert len(store.jobs("you").jobs()) == 1


@pytest.mark.parametrize("nothing", ["service", "owner"])
def test_they_go_while_the_service_runs_and_also_without_a_detector(
    monkeypatch: pytest.MonkeyPatch, nothing: str
) -> None:
    without_detector(monkeypatch)
    monkeypatch.setattr(retention, "RESULT_SECONDS", -60)
    monkeypatch.setattr(keeping, "MINUTE", 0.05)
    monkeypatch.setenv("NEURAL_LAB_KEEP", "0" if nothing == "service" else "1")
    with site() as lab:
        store = lab.worker.store
        waiting, _ = store.jobs("you").add("check", "{}")
        job, _ = store.jobs("local").add("check", "{}")
        store.jobs("local").cancel(job.id)
        if nothing == "owner":
            lab.ask("PUT", PATH, {"zero_retention": True})
        until(lambda: not store.jobs("local").jobs())
        assert store.jobs("you").jobs() == [waiting]
