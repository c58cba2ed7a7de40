"""What every `Events` owes, whatever they are kept in."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from threading import Thread

import pytest
from stores import STORES

from neural_lab.event import Event
from neural_lab.ports import Events, Store

SCORED = Event(
    "2026-02-03T04:05:06Z",
    "POST /v1/detect",
    200,
    0.1 + 0.2,
    2**40,
    321,
    0.987654321,
    "likely_machine",
    "embedded 1.2.3 é\0\udcff",
    '{"entropy": 2.5}',
)
FAILED = Event("2026-02-03T04:05:07Z", "POST /v1/detect", 422, 3.0, 0, None, None, "", "", "")
ALWAYS = "", "9999"


@pytest.fixture(params=[*STORES])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    with STORES[request.param](tmp_path) as opened:
        yield opened


@pytest.fixture
def events(store: Store) -> Events:
    return store.events()


def at(*seconds: int) -> list[Event]:
    return [replace(SCORED, at=f"2026-01-01T00:00:{second:02}Z", status=second) for second in seconds]


def test_nothing_has_happened_at_first(events: Events) -> None:
    events.record([])
    assert events.between(*ALWAYS) == []
    assert events.expire("9999") == 0


def test_events_come_back_as_they_were(store: Store) -> None:
    store.events().record([SCORED, FAILED])
    assert store.events().between(*ALWAYS) == [SCORED, FAILED]


def test_events_are_in_order_whenever_they_are_recorded(events: Events) -> None:
    events.record(at(5, 1, 3))
    events.record(at(4, 2, 0))
    assert events.between(*ALWAYS) == at(0, 1, 2, 3, 4, 5)


def test_events_of_one_moment_stay_in_order(events: Events) -> None:
    same = [replace(SCORED, status=status) for status in (500, 200, 404)]
    events.record(same[:2])
    events.record([*same[2:], *at(7)])
    assert events.between(*ALWAYS) == [*at(7), *same]


def test_the_end_is_not_within(events: Events) -> None:
    events.record(at(1, 2, 3, 4))
    assert events.between("2026-01-01T00:00:02Z", "2026-01-01T00:00:04Z") == at(2, 3)
    assert events.between("2026-01-01T00:00:04Z", "2026-01-01T00:00:02Z") == []


def test_not_too_many_are_given(events: Events) -> None:
    events.record(at(*range(10)))
    assert events.between(*ALWAYS, 3) == at(0, 1, 2)
    assert events.between("2026-01-01T00:00:08Z", "9999", 3) == at(8, 9)
    assert events.between(*ALWAYS, 0) == events.between(*ALWAYS, -1) == []


def test_the_old_expire(events: Events) -> None:
    events.record(at(3, 1, 2))
    assert events.expire("2026-01-01T00:00:02Z") == 1
    assert events.expire("2026-01-01T00:00:02Z") == 0
    assert events.between(*ALWAYS) == at(2, 3)


def test_threads_record_at_once(store: Store) -> None:
    threads = [Thread(target=lambda: store.events().record(at(*range(60)))) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [event.status for event in store.events().between(*ALWAYS)] == [
        n for n in range(60) for _ in range(4)
    ]
