"""Drift is read from every store alike."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import numpy as np
import pytest
from drifting import NAME, written
from stores import STORES

from neural_lab.detect.drift_windows import Window
from neural_lab.detectors.drift_log import A_DAY, DriftLog
from neural_lab.detectors.paired import KIND
from neural_lab.event import Event
from neural_lab.ports import Events, Store

FIRST = date(2026, 3, 1)
NOW = datetime(2026, 3, 5, 12, tzinfo=UTC)
ALL = Window(FIRST, NOW.date())
REQUEST = Event("2026-03-01T00:00:00Z", "POST /v1/detect", 422, 3.0, 0, None, None, "", "", "{}")


@pytest.fixture(params=[*STORES])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    with STORES[request.param](tmp_path) as opened:
        yield opened


@pytest.fixture
def events(store: Store) -> Events:
    return store.events()


def test_an_empty_log_has_no_texts(events: Events) -> None:
    log = DriftLog(events)
    assert log.read(NOW)
    assert (log.detector, log.known(NAME), len(log.sample(NAME, ALL))) == ("", [], 0)


def test_texts_come_back_as_they_were_written(events: Events) -> None:
    texts = [*written(1, FIRST, 5, 40)]
    events.record(texts)
    log = DriftLog(events)
    assert log.read(NOW + timedelta(hours=12))
    found = log.sample(NAME, ALL)
    assert (found.texts, len(found), log.detector) == (200, 200, NAME)
    assert sorted(found.probability) == sorted(event.probability for event in texts)
    assert sorted(found.words) == sorted(event.words for event in texts)
    assert np.isfinite(found.signals).all()
    assert log.known(NAME) == [FIRST + timedelta(days=day) for day in range(5)]
    assert len(log.sample(NAME, Window(FIRST, FIRST))) == 40


def test_only_texts_of_the_same_detector_count_and_no_shadows_or_requests(events: Events) -> None:
    texts = [*written(1, FIRST, 2, 30)]
    events.record([REQUEST, *(replace(each, kind=KIND) for each in texts)])
    events.record([*texts, *written(2, FIRST, 1, 20, detector="other 1")])
    log = DriftLog(events)
    assert log.read(NOW)
    assert [log.sample(name, ALL).texts for name in (NAME, "other 1", "none 1")] == [60, 20, 0]
    assert log.detector == NAME


def test_of_many_texts_some_are_drawn_the_same_ones_every_time(events: Events) -> None:
    events.record([*written(1, FIRST, 1, A_DAY + 200)])
    twice = [DriftLog(events), DriftLog(events)]
    for log in twice:
        assert log.read(NOW)
    first, second = (log.sample(NAME, ALL) for log in twice)
    assert (first.texts, len(first)) == (A_DAY + 200, A_DAY)
    assert np.array_equal(first.signals, second.signals)


def test_days_that_are_over_are_read_once_and_today_again(events: Events) -> None:
    today = NOW.date()
    events.record([*written(1, FIRST, 1, 10), *written(2, today, 1, 10)])
    log = DriftLog(events)
    assert log.read(NOW)
    events.record([*written(3, FIRST, 1, 10), *written(4, today, 1, 10)])
    assert log.read(NOW)
    assert len(log.sample(NAME, Window(FIRST, FIRST))) == 10
    assert len(log.sample(NAME, Window(today, today))) == 20


def test_what_the_store_forgets_is_forgotten(events: Events) -> None:
    events.record([*written(1, FIRST, 3, 10)])
    log = DriftLog(events)
    assert log.read(NOW)
    events.expire("2026-03-02")
    assert log.read(NOW)
    assert log.known(NAME) == [date(2026, 3, 2), date(2026, 3, 3)]


def test_reading_ends_when_it_is_stopped(events: Events) -> None:
    events.record([*written(1, FIRST, 3, 10)])
    hours = iter([True] * 30 + [False])
    log = DriftLog(events)
    assert not log.read(NOW, lambda: next(hours))
    assert log.known(NAME) == [FIRST]
