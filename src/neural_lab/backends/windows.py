"""Hits counted in the window of seconds that ends now, by the `limits` library."""

import re
from dataclasses import dataclass
from time import time
from typing import Any

from limits import RateLimitItemPerSecond
from limits.strategies import MovingWindowRateLimiter, SlidingWindowCounterRateLimiter

from neural_lab.errors import InvalidRequest
from neural_lab.ports import Allowance

# Beyond, the moment of every hit is too much to keep, and two counters that are blended have to do.
MOST_MOVING = 1000
WRITTEN = re.compile(r"([1-9][0-9]{0,9})/([1-9][0-9]{0,6})")


@dataclass(frozen=True, slots=True)
class Rate:
    """At most `hits` in any `seconds`."""

    hits: int
    seconds: int

    @classmethod
    def parse(cls, written: str) -> "Rate":
        """`100/60` is a hundred in a minute; raises `InvalidRequest`."""
        match = WRITTEN.fullmatch(written)
        if match is None:
            raise InvalidRequest("rate", "A rate has to be HITS/SECONDS, such as 100/60.")
        return cls(*map(int, match.groups()))

    @property
    def strategy(self) -> str:
        return "moving" if self.hits <= MOST_MOVING else "sliding"


class Windows:
    """The windows of all keys at one rate, in a storage of `limits` that no other strategy writes to."""

    def __init__(self, rate: Rate, storage: Any) -> None:
        self._rate, self._storage = rate, storage
        self._item = RateLimitItemPerSecond(rate.hits, rate.seconds)
        self._moving = rate.strategy == "moving"
        self._strategy = (MovingWindowRateLimiter if self._moving else SlidingWindowCounterRateLimiter)(
            storage
        )

    def hit(self, key: str, cost: int) -> Allowance:
        if cost < 0:
            raise ValueError("a hit cannot give hits back")
        allowed = self._strategy.hit(self._item, key, cost=cost)
        reset, remaining = self._strategy.get_window_stats(self._item, key)
        wait = reset - time() if allowed or self._moving else self._wait(key, cost)
        rate = self._rate
        return Allowance(
            allowed, rate.hits, max(0, int(remaining)), min(max(0.0, wait), 2.0 * rate.seconds), rate.seconds
        )

    def _wait(self, key: str, cost: int) -> float:
        """Seconds until two blended counters leave room for `cost`.

        What was counted before this window fades evenly while `fades` seconds pass; then
        what was counted in it begins to fade.
        """
        seconds = self._rate.seconds
        before, fades, current, ends = self._storage.get_sliding_window(self._item.key_for(key), seconds)
        room = self._rate.hits - cost - current
        if room >= 0:
            return float(fades - room * seconds / before) if before else 0.0
        shift = ends - seconds
        return float(shift + seconds - max(0, self._rate.hits - cost) * seconds / current)
