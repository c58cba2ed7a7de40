"""The limits of a worker, in its process or in Redis, and what becomes of them while Redis is away."""

from __future__ import annotations

from collections.abc import Callable
from threading import Lock
from typing import Any

from neural_lab.api.config import ServeConfig
from neural_lab.api.worker import Limits
from neural_lab.backends.closing import shut
from neural_lab.backends.limiter import open_limiter
from neural_lab.ports import Allowance, Limiter

CROWD = 10
"""Attempts from one address, or on one name, are so many times those on a name from an address."""

Tell = Callable[[int], None]


class Told:
    """A limiter in Redis that tells how many hits it could not count, each once."""

    def __init__(self, limiter: Any, tell: Tell) -> None:
        self._limiter, self._tell = limiter, tell
        self._told, self._lock = 0, Lock()

    def hit(self, key: str, cost: int = 1) -> Allowance:
        found: Allowance = self._limiter.hit(key, cost)
        with self._lock:
            new = self._limiter.undecided - self._told
            self._told += new
        if new:
            self._tell(new)
        return found

    def close(self) -> None:
        self._limiter.close()


class Cautious:
    """Counts in this process and in Redis: while Redis is away, passwords cannot be guessed without end."""

    def __init__(self, near: Limiter, far: Limiter) -> None:
        self._near, self._far = near, far

    def hit(self, key: str, cost: int = 1) -> Allowance:
        found = self._near.hit(key, cost)
        return self._far.hit(key, cost) if found.allowed else found

    def close(self) -> None:
        shut(self._far)


def open_limits(config: ServeConfig, tell: Tell) -> Limits:
    """Raises `InvalidRequest` for a Redis whose URL means nothing."""
    hits, _, seconds = config.login_rate.partition("/")
    crowd = f"{CROWD * int(hits)}/{seconds}"
    return Limits(
        detect=_limiter(config, config.detect_rate, tell),
        requests=_limiter(config, config.rate, tell),
        characters=_limiter(config, config.character_rate, tell),
        login=_cautious(config, config.login_rate, tell),
        logins=_cautious(config, crowd, tell),
    )


def _limiter(config: ServeConfig, rate: str, tell: Tell) -> Limiter:
    if config.redis is None:
        return open_limiter(rate)
    return Told(open_limiter(rate, config.redis.get_secret_value(), config.when_redis_is_away), tell)


def _cautious(config: ServeConfig, rate: str, tell: Tell) -> Limiter:
    far = _limiter(config, rate, tell)
    return far if config.redis is None else Cautious(open_limiter(rate), far)
