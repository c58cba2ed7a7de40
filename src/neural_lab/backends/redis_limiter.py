"""So many hits a window under every key, counted by all processes together."""

from threading import Lock

from limits.storage import RedisStorage

from neural_lab.backends.breaker import PAUSE
from neural_lab.backends.limiter import Policy
from neural_lab.backends.redis_link import RedisLink
from neural_lab.backends.windows import Rate, Windows
from neural_lab.ports import Allowance

PREFIX = "neural-lab:limit"


class RedisLimiter:
    """A `Limiter` whose hits are counted by scripts in a Redis, each in one step.

    While Redis is away hits are allowed or refused without being counted, as `policy`
    has it, and `undecided` says how many were. Keys are stored as they are given.
    """

    def __init__(
        self,
        rate: str,
        url: str,
        policy: Policy = "allow",
        pause: float = PAUSE,
        prefix: str = PREFIX,
    ) -> None:
        self._rate, self._policy = Rate.parse(rate), policy
        self._link, self._lock = RedisLink(url, pause), Lock()
        # What one strategy writes another cannot read, and a rate may change from one to the other.
        place = f"{prefix}:{self._rate.strategy}"
        pool = self._link.client.connection_pool
        self._windows = Windows(self._rate, RedisStorage("redis://", pool, key_prefix=place))
        self.undecided = 0

    def hit(self, key: str, cost: int = 1) -> Allowance:
        return self._link.ask(lambda _: self._windows.hit(key, cost)) or self._unanswered()

    def close(self) -> None:
        self._link.close()

    def _unanswered(self) -> Allowance:
        with self._lock:
            self.undecided += 1
        hits, seconds = self._rate.hits, self._rate.seconds
        if self._policy == "allow":
            return Allowance(True, hits, hits, 0.0, seconds)
        return Allowance(False, hits, 0, self._link.pause, seconds)
