"""The cache in memory: bounded by bytes, and the least recently used goes first."""

import tracemalloc
from threading import Barrier, Thread

import numpy as np
import pytest

from neural_lab.backends.memory_cache import ENTRY, MemoryCache

ONE = 1 + 10 + ENTRY


def value(key: bytes) -> bytes:
    return key * 10


def test_what_was_used_longest_ago_goes_first() -> None:
    cache = MemoryCache(2 * ONE)
    cache.put({b"a": value(b"a"), b"b": value(b"b")})
    assert cache.get([b"a"]) == [value(b"a")]
    cache.put({b"c": value(b"c")})
    assert cache.get([b"a", b"b", b"c"]) == [value(b"a"), None, value(b"c")]
    assert len(cache) == 2
    assert cache.size == 2 * ONE


def test_a_value_that_is_put_again_counts_once() -> None:
    cache = MemoryCache(2 * ONE)
    for text in (b"x" * 10, b"x" * 200, b"x" * 10):
        cache.put({b"a": text})
        assert cache.get([b"a"]) == [text]
    assert cache.size == ONE


def test_what_is_larger_than_the_cache_displaces_nothing() -> None:
    cache = MemoryCache(2 * ONE)
    cache.put({b"a": value(b"a"), b"b": value(b"b")})
    cache.put({b"c": bytes(2 * ONE)})
    assert cache.get([b"a", b"b", b"c"]) == [value(b"a"), value(b"b"), None]
    MemoryCache(0).put({b"a": b""})


def test_a_key_whose_new_value_is_too_large_has_none() -> None:
    cache = MemoryCache(2 * ONE)
    cache.put({b"a": value(b"a")})
    cache.put({b"a": bytes(2 * ONE)})
    assert cache.get([b"a"]) == [None]
    assert cache.size == len(cache) == 0


@pytest.mark.parametrize("length", [0, 40, 4000])
def test_the_bound_covers_what_the_entries_really_take(length: int) -> None:
    cache, draw = MemoryCache(2_000_000), np.random.default_rng(length)
    tracemalloc.start()
    try:
        before = tracemalloc.get_traced_memory()[0]
        for _ in range(10_000):
            cache.put({draw.bytes(32): draw.bytes(length)})
        taken = tracemalloc.get_traced_memory()[0] - before
    finally:
        tracemalloc.stop()
    assert 1_900_000 < cache.size <= 2_000_000
    assert taken <= 2_000_000


def test_the_cache_serves_many_threads() -> None:
    cache, barrier, wrong = MemoryCache(20 * ONE), Barrier(8), []

    def work(seed: int) -> None:
        draw = np.random.default_rng(seed)
        barrier.wait()
        for _ in range(500):
            keys = [bytes([at]) for at in draw.integers(0, 40, 5)]
            found = zip(keys, cache.get(keys), strict=True)
            wrong.extend(key for key, got in found if got not in (None, value(key)))
            cache.put({key: value(key) for key in keys})

    threads = [Thread(target=work, args=(seed,)) for seed in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not wrong
    assert cache.size == len(cache) * ONE
    assert 0 < cache.size <= 20 * ONE
