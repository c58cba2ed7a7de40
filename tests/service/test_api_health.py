"""`/health`: true, at most a second old, and cheap however often it is asked."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
import redis_server
from asking import Site, site, without_detector
from helpers import needed
from redis_server import until

needed("fastapi")

SOON = 1.5


@pytest.fixture
def lab(monkeypatch: pytest.MonkeyPatch) -> Iterator[Site]:
    without_detector(monkeypatch)
    with site() as opened:
        yield opened


def components(lab: Site) -> dict[str, bool]:
    found: dict[str, bool] = lab.ask("GET", "/health").json["components"]
    return found


def test_any_number_of_callers_cost_the_store_one_question_a_second(
    lab: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked, ping = [], lab.worker.store.ping

    def counting() -> None:
        asked.append(1)
        ping()

    monkeypatch.setattr(lab.worker.store, "ping", counting)
    with ThreadPoolExecutor(8) as pool:
        answers: list[Any] = [*pool.map(lambda _: lab.ask("GET", "/health"), range(200))]
    assert {answer.json["components"]["store"] for answer in answers} == {True}
    assert 1 <= len(asked) <= 10


def test_a_second_later_it_knows_that_the_store_went_away_and_came_back(lab: Site, home: Path) -> None:
    assert components(lab)["store"]
    (home / "lab.db").rename(home / "moved.db")
    until(lambda: not components(lab)["store"], SOON)
    (home / "moved.db").rename(home / "lab.db")
    until(lambda: components(lab)["store"], SOON)


def test_processes_that_look_at_one_redis_do_not_take_one_anothers_mark(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    from neural_lab.api.vitals import vitals

    without_detector(monkeypatch)
    with redis_server.own() as redis, site(redis=redis.url) as lab:
        back, mark = lab.worker.cache.back, mark_of_another_process()
        get, put = back.get, back.put
        monkeypatch.setattr(back, "get", lambda keys: put({mark: b"its own"}) or get(keys))
        assert vitals(lab.worker)["cache"]
        redis.kill()
        assert not vitals(lab.worker)["cache"]


def mark_of_another_process() -> bytes:
    code = "from neural_lab.api.vitals import PROBE; print(PROBE.hex())"
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    return bytes.fromhex(found.stdout)
