"""Reports are kept for as long as is set, whether their users come again or not."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from asking import quick_passwords, site, without_detector
from helpers import needed
from redis_server import until

needed("fastapi")

from neural_lab.api import keeping
from neural_lab.backends.clock import utc
from neural_lab.compose import open_store
from neural_lab.entry import Entry
from neural_lab.errors import StoreUnavailable
from neural_lab.ports import Store
from neural_lab.preferences import Choices
from neural_lab.settings import read_settings

SECRET = "Seeadler"


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch) -> None:
    quick_passwords(monkeypatch)
    without_detector(monkeypatch)


@pytest.fixture
def store() -> Iterator[Store]:
    """That of the service."""
    opened = open_store(read_settings().store)
    yield opened
    opened.close()


def kept(store: Store, owner: str, days_ago: int) -> None:
    given = (f"{SECRET} of {owner}", "", SECRET, "d 1", "", None, None, "{}", "{}")
    store.history(owner).keep([Entry("check", utc(days_ago), *given)])


def reports(store: Store, owner: str) -> int:
    return len(store.history(owner).entries())


def test_reports_of_users_who_do_nothing_go_when_the_service_starts(
    store: Store, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NEURAL_LAB_KEEP_DAYS", "30")
    for owner, days_ago in (("user:1", 31), ("user:2", 400), ("local", 99)):
        kept(store, owner, days_ago)
    with site(accounts=True):
        until(lambda: not any(reports(store, owner) for owner in ("user:1", "user:2", "local")))
    store.close()
    assert not any(SECRET.encode() in path.read_bytes() for path in home.iterdir())


def test_reports_that_are_not_old_enough_stay_and_go_on_their_day(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NEURAL_LAB_KEEP_DAYS", "30")
    monkeypatch.setattr(keeping, "HOUR", 0.05)
    kept(store, "user:1", 29)
    with site(accounts=True):
        kept(store, "user:2", 31)
        until(lambda: not reports(store, "user:2"))
        kept(store, "user:2", 31)
        until(lambda: not reports(store, "user:2"))
        assert reports(store, "user:1") == 1


def test_users_may_choose_fewer_days_than_are_set_and_no_more(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NEURAL_LAB_KEEP_DAYS", "30")
    store.preferences("user:1").put(Choices(keep_days=7))
    store.preferences("user:2").put(Choices(keep_days=300))
    for owner in ("user:1", "user:2", "user:3"):
        kept(store, owner, 8)
        kept(store, owner, 31)
    with site(accounts=True):
        until(lambda: [reports(store, f"user:{number}") for number in (1, 2, 3)] == [0, 1, 1])


def test_without_an_end_reports_stay(store: Store) -> None:
    kept(store, "user:1", 4_000)
    with site(accounts=True) as lab:
        assert keeping.expire(lab.worker) == 0
    assert reports(store, "user:1") == 1


def test_what_could_not_be_deleted_is_tried_again_soon(
    store: Store, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NEURAL_LAB_KEEP_DAYS", "30")
    monkeypatch.setattr(keeping, "MINUTE", 0.05)
    kept(store, "user:1", 31)
    with closing(sqlite3.connect(home / "lab.db", isolation_level=None)) as file:
        file.execute("create trigger no before update on entry begin select raise(abort, 'no'); end")
        with site(accounts=True) as lab:
            with pytest.raises(StoreUnavailable):
                keeping.expire(lab.worker)
            assert reports(store, "user:1") == 1
            file.execute("drop trigger no")
            until(lambda: not reports(store, "user:1"))
