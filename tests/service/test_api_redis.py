"""What the service leaves in Redis, and that it lets go of it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
import redis_server
import serving
from asking import site, without_detector
from helpers import needed

needed("fastapi")
needed("redis")

from neural_lab.backends.redis_cache import RedisCache
from neural_lab.backends.release import release

TEXT = "The bus was late this morning, so I walked home through the rain."


@pytest.fixture
def redis() -> Iterator[redis_server.OwnRedis]:
    with redis_server.own() as own:
        yield own


def connections(redis: redis_server.OwnRedis) -> int:
    """Those of others."""
    with redis_server.client(redis.url) as client:
        return len(client.client_list()) - 1


def test_no_connection_is_left_when_it_has_stopped(
    redis: redis_server.OwnRedis, monkeypatch: pytest.MonkeyPatch
) -> None:
    without_detector(monkeypatch)
    with site(redis=redis.url, accounts=True) as lab:
        lab.ask("GET", "/health")
        lab.ask("GET", "/v1/history")
        lab.ask("POST", "/v1/session", {"name": "ada", "password": "correct horse battery"})
        assert connections(redis) >= 3
    assert connections(redis) == 0


def test_a_release_reads_nothing_that_another_one_stored(
    redis: redis_server.OwnRedis, tmp_path: Path
) -> None:
    with serving.service(tmp_path / "lab", REDIS=redis.url, **serving.WITHOUT_LIMITS) as lab:
        body = {"texts": [TEXT]}
        assert serving.ask(lab.port, "POST", "/detect", body).json["cache_hit"] is False
        assert serving.ask(lab.port, "POST", "/detect", body).json["cache_hit"] is True
    with redis_server.client(redis.url) as client:
        names: list[bytes] = [name for name in client.scan_iter("*") if b":limit" not in name]
    assert len(names) >= 2
    assert all(name.startswith(f"neural-lab:cache:{release()}:".encode()) for name in names)


def test_the_cache_of_another_release_is_another_one(redis: redis_server.OwnRedis) -> None:
    ours, theirs = RedisCache(redis.url), RedisCache(redis.url, prefix="neural-lab:cache:0.0.9:")
    theirs.put({b"key": b"written in another way"})
    assert ours.get([b"key"]) == [None]
    ours.put({b"key": b"ours"})
    assert (ours.get([b"key"]), theirs.get([b"key"])) == ([b"ours"], [b"written in another way"])
    ours.close()
    theirs.close()
