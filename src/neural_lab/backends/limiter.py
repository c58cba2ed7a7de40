"""So many hits a window under every key."""

from threading import Lock
from typing import Literal

from limits.storage import MemoryStorage

from neural_lab.backends.windows import Rate, Windows
from neural_lab.ports import Allowance, Limiter

SWEEP = 1000  # Hits between two looks for keys without any.

Policy = Literal["allow", "refuse"]


class MemoryLimiter:
    """A `Limiter` that counts in this process."""

    def __init__(self, rate: str) -> None:
        self._storage, self._lock, self._hits = MemoryStorage(), Lock(), 0
        self._windows = Windows(Rate.parse(rate), self._storage)

    def hit(self, key: str, cost: int = 1) -> Allowance:
        # The storage looks first and counts then, and its own locks come and go.
        with self._lock:
            self._hits += 1
            if self._hits % SWEEP == 0:
                self._forget()
            return self._windows.hit(key, cost)

    def _forget(self) -> None:
        """The storage forgets hits, and would remember for ever whose they were."""
        events = self._storage.events
        for key in [key for key, hits in list(events.items()) if not hits]:
            del events[key]


def open_limiter(rate: str, url: str | None = None, policy: Policy = "allow") -> Limiter:
    """Counts at a rate such as `100/60` (hits/seconds), in the Redis at `url` or else in this process.

    Two of one rate in one Redis count together what has one key. `policy` says what
    becomes of hits while Redis is away. Raises `InvalidRequest` for a rate or URL
    that means nothing.
    """
    if not url:
        return MemoryLimiter(rate)
    from neural_lab.backends.redis_limiter import RedisLimiter

    return RedisLimiter(rate, url, policy)
