"""Leaves a server alone that does not answer."""

from collections.abc import Callable
from threading import Lock
from time import monotonic

PAUSE = 3.0


class Breaker:
    """After a failure it lets one caller through every `pause` seconds, and all once one has succeeded."""

    def __init__(self, pause: float = PAUSE, now: Callable[[], float] = monotonic) -> None:
        self.pause, self._now, self._lock = pause, now, Lock()
        self._next: float | None = None

    def lets_through(self) -> bool:
        """Whether to ask the server now; whoever may has to say how it went."""
        with self._lock:
            if self._next is None:
                return True
            if self._now() < self._next:
                return False
            self._next = self._now() + self.pause
            return True

    def succeeded(self) -> None:
        with self._lock:
            self._next = None

    def failed(self) -> None:
        with self._lock:
            self._next = self._now() + self.pause
