"""The Redis that instances share: there, quick, and of a mind to make room."""

from __future__ import annotations

import time
from collections.abc import Iterator
from importlib.util import find_spec
from statistics import median
from typing import Any

from neural_lab.doctor.checked import Checked, failed, not_here, not_installed, ok, warning
from neural_lab.doctor.machine import Machine

SECONDS = 4.0
ROUNDS = 9
SLOW = 0.02
"""Seconds; after 0.1 the service goes on without an answer."""
POLICY = "noeviction"


def redis_server(machine: Machine) -> Iterator[Checked]:
    """Raises `InvalidRequest` for what is no URL of a Redis."""
    url = machine.redis_url()
    if url is None:
        yield not_here("redis", "No Redis is set: every process counts limits and caches for itself.")
        return
    if find_spec("redis") is None:
        yield not_installed("redis", "redis", "redis")
        return
    from redis.exceptions import AuthenticationError, RedisError

    client = _client(url)
    address = machine.asks(url)
    try:
        yield from _asked(client, address)
    except AuthenticationError:
        yield failed("redis", f"{address} refuses this password.", "Correct it in NEURAL_LAB_REDIS.")
    except (RedisError, OSError):
        advice = "Check that it runs, and host, port and password in NEURAL_LAB_REDIS."
        yield failed("redis", f"{address} cannot be reached or does not answer.", advice)
    finally:
        client.close()


def _client(url: str) -> Any:
    from redis import Redis
    from redis.backoff import NoBackoff
    from redis.retry import Retry

    from neural_lab.errors import InvalidRequest

    options = {"socket_connect_timeout": SECONDS, "socket_timeout": SECONDS, "protocol": 2}
    try:
        return Redis.from_url(url, retry=Retry(NoBackoff(), 0), **options)
    except (ValueError, TypeError):
        # Without its cause, which may quote a password.
        message = "The Redis has to be redis://HOST:PORT/DATABASE, rediss:// or unix://."
        raise InvalidRequest("redis", message) from None


def _asked(client: Any, address: str) -> Iterator[Checked]:
    client.ping()
    seconds = median(_timed(client) for _ in range(ROUNDS))
    known = client.info()
    said = f"Redis {known['redis_version']} at {address} answers in {1000 * seconds:.1f} ms."
    if seconds > SLOW:
        yield warning("redis", said, "That is slow: bring it nearer to the service.", seconds=seconds)
    else:
        yield ok("redis", said, seconds=seconds, version=str(known["redis_version"]))
    yield _policy(int(known.get("maxmemory", 0)), str(known.get("maxmemory_policy", "unknown")))


def _policy(most: int, policy: str) -> Checked:
    if most == 0:
        advice = "Set maxmemory and maxmemory-policy allkeys-lru, as deploy/compose.yaml does."
        return warning("redis.memory", "Its memory has no limit.", advice)
    said = f"It takes {most / 2**20:,.0f} MiB at most, then {policy}."
    if policy == POLICY:
        advice = "When it is full it refuses to count and to cache: set maxmemory-policy allkeys-lru."
        return warning("redis.memory", said, advice, maxmemory=most)
    return ok("redis.memory", said, maxmemory=most)


def _timed(client: Any) -> float:
    start = time.perf_counter()
    client.ping()
    return time.perf_counter() - start
