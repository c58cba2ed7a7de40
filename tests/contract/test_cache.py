"""What every `Cache` owes, and what one in a Redis owes when that Redis is not there."""

from __future__ import annotations

import signal
import socket
import sys
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from threading import Thread

import pytest
import redis_server
from redis_server import client, own, until

from neural_lab.backends.memory_cache import ENTRY, MemoryCache
from neural_lab.backends.tiered_cache import TieredCache
from neural_lab.errors import InvalidRequest
from neural_lab.ports import Cache

KEYS = [bytes([at]) * 32 for at in range(8)]
SHORT, PAUSE = 0.5, 0.2


@pytest.fixture(params=["memory", "redis", "tiered"])
def cache(request: pytest.FixtureRequest) -> Iterator[Cache]:
    if request.param == "memory":
        yield MemoryCache()
        return
    with redis_server.prefix() as prefix:
        from neural_lab.backends.redis_cache import RedisCache

        back = RedisCache(redis_server.server(), 60, prefix)
        yield back if request.param == "redis" else TieredCache(MemoryCache(), back)
        back.close()


def test_what_was_put_comes_back_in_the_order_asked(cache: Cache) -> None:
    values = {key: bytes([at]) * at * 1000 for at, key in enumerate(KEYS[:5])}
    cache.put(values)
    asked = [KEYS[3], KEYS[7], KEYS[0], KEYS[3], KEYS[4]]
    assert cache.get(asked) == [values.get(key) for key in asked]
    assert cache.get([]) == []
    cache.put({})


def test_the_last_value_of_a_key_counts(cache: Cache) -> None:
    cache.put({KEYS[0]: b"first"})
    cache.put({KEYS[0]: b"second", KEYS[1]: b""})
    assert cache.get(KEYS[:2]) == [b"second", b""]


def test_any_bytes_are_keys_and_values(cache: Cache) -> None:
    everything = bytes(range(256))
    cache.put({everything: everything, b"\r\n": b"\x00\r\n$-1\r\n"})
    assert cache.get([everything, b"\r\n", b"\n"]) == [everything, b"\x00\r\n$-1\r\n", None]


def test_a_large_value_comes_back(cache: Cache) -> None:
    large = bytes(range(256)) * 4 * 4096
    cache.put({KEYS[0]: large})
    assert cache.get([KEYS[0]]) == [large]


def test_threads_never_get_the_value_of_another_key(cache: Cache) -> None:
    wrong: list[object] = []

    def work(seed: int) -> None:
        for at in range(100):
            keys = [bytes([seed ^ at, at % 7]), bytes([at, seed])]
            cache.put({key: key * 50 for key in keys})
            wrong.extend(v for k, v in zip(keys, cache.get(keys), strict=True) if v not in (None, k * 50))

    threads = [Thread(target=work, args=(seed,)) for seed in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not wrong


def test_a_damaged_or_moved_value_is_none() -> None:
    with redis_server.prefix() as prefix, client(redis_server.server()) as redis:
        from neural_lab.backends.redis_cache import RedisCache

        names = [prefix.encode() + key for key in KEYS]
        cache = RedisCache(redis_server.server(), 60, prefix)
        cache.put({key: b"the value of " + key for key in KEYS[:6]})
        stored = redis.get(names[0])
        redis.set(names[0], stored[:-1])
        redis.set(names[1], stored[:5])
        redis.set(names[2], b"")
        redis.set(names[3], stored)
        redis.set(names[4], redis.get(names[4])[:-1] + b"?")
        redis.delete(names[5])
        redis.lpush(names[5], b"of another kind")
        assert cache.get(KEYS) == [None] * len(KEYS)
        cache.put({KEYS[0]: b"again"})
        assert cache.get(KEYS[:1]) == [b"again"]
        cache.close()


def test_without_the_secret_nobody_writes_a_value() -> None:
    with redis_server.prefix() as prefix:
        from neural_lab.backends.redis_cache import RedisCache

        url = redis_server.server()
        ours, theirs = RedisCache(url, 60, prefix, b"a secret"), RedisCache(url, 60, prefix, b"another")
        theirs.put({KEYS[0]: b"forged"})
        ours.put({KEYS[1]: b"true"})
        assert ours.get(KEYS[:2]) == [None, b"true"]
        ours.close()
        theirs.close()


def test_values_expire() -> None:
    with redis_server.prefix() as prefix, client(redis_server.server()) as redis:
        from neural_lab.backends.redis_cache import RedisCache

        cache = RedisCache(redis_server.server(), 60, prefix)
        cache.put({KEYS[0]: b"value"})
        assert 0 < redis.ttl(prefix.encode() + KEYS[0]) <= 60
        cache.close()


def test_what_comes_from_behind_is_kept_in_front() -> None:
    front, back = MemoryCache(), MemoryCache()
    back.put({KEYS[0]: b"behind"})
    cache = TieredCache(front, back)
    assert cache.get([KEYS[0], KEYS[0], KEYS[1]]) == [b"behind", b"behind", None]
    assert front.get(KEYS[:2]) == [b"behind", None]
    small = TieredCache(MemoryCache(2 * ENTRY), back)
    small.put({KEYS[2]: bytes(10 * ENTRY)})
    assert small.get(KEYS[2:3]) == [bytes(10 * ENTRY)]


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1",
        "127.0.0.1:6379",
        "redis://:hidden@127.0.0.1:x/0",
        "redis://:hidden@127.0.0.1?nothing=1",
    ],
)
def test_an_url_that_means_nothing_is_refused_without_being_shown(url: str) -> None:
    redis_server.needed("redis")
    from neural_lab.backends.redis_cache import RedisCache

    with pytest.raises(InvalidRequest, match="redis://") as failure:
        RedisCache(url)
    assert "hidden" not in str(failure.value)


def test_a_redis_that_dies_is_done_without_and_comes_back() -> None:
    with own() as redis:
        from neural_lab.backends.redis_cache import RedisCache

        cache = RedisCache(redis.url, 60, pause=PAUSE)
        cache.put({KEYS[0]: b"before"})
        assert cache.get(KEYS[:1]) == [b"before"]
        redis.kill()
        for _ in range(20):
            cache.put({KEYS[1]: b"while away"})
            assert cache.get(KEYS[:2]) == [None, None]
        redis.start()
        until(lambda: cache.put({KEYS[2]: b"after"}) or cache.get(KEYS[2:3]) == [b"after"])
        assert cache.get(KEYS[:3]) == [None, None, b"after"]
        cache.close()


@pytest.mark.skipif(sys.platform == "win32", reason="a process cannot be stopped there")
def test_a_redis_that_hangs_costs_one_short_wait_a_pause() -> None:
    with own() as redis:
        from neural_lab.backends.redis_cache import RedisCache

        cache = RedisCache(redis.url, 60, pause=60)
        cache.put({KEYS[0]: b"before"})
        redis.signal(signal.SIGSTOP)
        began = time.monotonic()
        assert cache.get(KEYS[:1]) == [None]
        assert time.monotonic() - began < SHORT
        began = time.monotonic()
        for _ in range(1000):
            cache.put({KEYS[1]: b"x"})
            assert cache.get(KEYS[:1]) == [None]
        assert time.monotonic() - began < SHORT
        redis.signal(signal.SIGCONT)
        cache.close()


def test_a_redis_that_was_never_there_is_done_without() -> None:
    redis_server.needed("redis")
    from neural_lab.backends.redis_cache import RedisCache

    cache = RedisCache(f"redis://127.0.0.1:{redis_server.free_port()}/0")
    tiered = TieredCache(MemoryCache(), cache)
    tiered.put({KEYS[0]: b"near"})
    assert tiered.get(KEYS[:2]) == [b"near", None]
    cache.close()


def test_what_is_no_redis_is_left_alone_too() -> None:
    redis_server.needed("redis")
    from neural_lab.backends.redis_cache import RedisCache

    calls: list[bytes] = []
    with socket.create_server(("127.0.0.1", 0)) as listening:

        def answer() -> None:
            with suppress(OSError):
                while True:
                    with listening.accept()[0] as connection:
                        calls.append(connection.recv(100))
                        connection.sendall(b"HTTP/1.1 400 Bad Request\r\n\r\n")

        Thread(target=answer, daemon=True).start()
        cache = RedisCache(f"redis://127.0.0.1:{listening.getsockname()[1]}/0", pause=60)
        assert [cache.get(KEYS[:1]) for _ in range(50)] == [[None]] * 50
        assert len(calls) <= 1
        cache.close()


def test_a_redis_that_refuses_to_write_still_reads() -> None:
    with own() as redis, client(redis.url) as direct:
        from neural_lab.backends.redis_cache import RedisCache

        cache = RedisCache(redis.url, 60, pause=60)
        cache.put({KEYS[0]: b"kept"})
        direct.config_set("maxmemory", 1)
        cache.put({KEYS[1]: b"refused"})
        assert cache.get(KEYS[:2]) == [b"kept", None]
        cache.close()


def test_redis_is_not_imported_before_it_is_used(tmp_path: Path) -> None:
    import subprocess

    imports = "import sys, neural_lab.cli, neural_lab.compose"
    code = f"{imports}; print({{'redis', 'limits', 'psutil'}} & {{*sys.modules}})"
    found = subprocess.run(
        [sys.executable, "-c", code], cwd=tmp_path, capture_output=True, text=True, check=True
    )
    assert found.stdout.strip() == "set()"
