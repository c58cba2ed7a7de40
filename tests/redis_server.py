"""A Redis for tests: the one that runs here, one started for all of them, or one that a test may kill."""

from __future__ import annotations

import atexit
import os
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import cache
from secrets import token_hex
from typing import Any

import pytest
from helpers import needed

LOCAL = "redis://127.0.0.1:6379/0"
NAMED = "NEURAL_LAB_TEST_REDIS"
PROGRAM = "redis-server"
QUIET = ("--save", "", "--appendonly", "no", "--bind", "127.0.0.1", "--loglevel", "warning")


class OwnRedis:
    """A Redis on a port of its own, which can be killed and started again; it remembers nothing."""

    def __init__(self) -> None:
        self._program = shutil.which(PROGRAM) or _missing(f"no {PROGRAM}: install Redis")
        self.port = free_port()
        self.url = f"redis://127.0.0.1:{self.port}/0"
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        command = [self._program, "--port", str(self.port), *QUIET]
        self._process = subprocess.Popen(
            command, cwd="/", stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        until(lambda: _answers(self.url))

    def kill(self) -> None:
        if self._process:
            self._process.kill()
            self._process.wait()
            self._process = None

    def signal(self, number: int) -> None:
        assert self._process
        self._process.send_signal(number)


@contextmanager
def own() -> Iterator[OwnRedis]:
    needed("redis")
    redis = OwnRedis()
    redis.start()
    try:
        yield redis
    finally:
        redis.kill()


@cache
def server() -> str:
    """The URL of a Redis; without one tests are skipped, and fail in continuous integration."""
    needed("redis")
    named = os.environ.get(NAMED)
    if named or _answers(LOCAL):
        return named or LOCAL
    if not shutil.which(PROGRAM):
        _missing(f"no Redis: start one, install one, or set {NAMED}")
    redis = OwnRedis()
    redis.start()
    atexit.register(redis.kill)
    return redis.url


@contextmanager
def prefix() -> Iterator[str]:
    """A prefix of keys on `server`, for the block alone."""
    name = f"neural-lab-test:{token_hex(8)}:"
    with client(server()) as redis:
        try:
            yield name
        finally:
            for key in redis.scan_iter(f"{name}*"):
                redis.delete(key)


@contextmanager
def client(url: str) -> Iterator[Any]:
    from redis import Redis

    with Redis.from_url(url, socket_timeout=5) as redis:
        yield redis


def until(true: Any, seconds: float = 10) -> None:
    """Wait for something to come true, and fail when it does not."""
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end, "waited in vain"
        time.sleep(0.01)


def _answers(url: str) -> bool:
    from redis import RedisError

    with suppress(RedisError), client(url) as redis:
        return bool(redis.ping())
    return False


def _missing(message: str) -> Any:
    pytest.fail(message) if os.environ.get("CI") else pytest.skip(message)


def free_port() -> int:
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        return int(listening.getsockname()[1])
