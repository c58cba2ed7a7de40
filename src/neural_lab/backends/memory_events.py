"""What happened, in memory."""

from bisect import bisect_left, insort
from collections.abc import Sequence
from operator import attrgetter
from threading import Lock

from neural_lab.event import Event

TIME = attrgetter("at")


class MemoryEvents:
    """An `Events`, and the reference for what events answer."""

    def __init__(self) -> None:
        self._events, self._lock = list[Event](), Lock()

    def record(self, events: Sequence[Event]) -> None:
        """Events of one moment stay in the order in which they were recorded."""
        with self._lock:
            for event in events:
                insort(self._events, event, key=TIME)

    def between(self, start: str, end: str, most: int = 100_000) -> list[Event]:
        """Events from `start` on and before `end`, in order."""
        with self._lock:
            first, last = self._at(start), self._at(end)
            return self._events[first : min(last, first + max(most, 0))]

    def expire(self, before: str) -> int:
        with self._lock:
            old = self._at(before)
            del self._events[:old]
            return old

    def _at(self, moment: str) -> int:
        return bisect_left(self._events, moment, key=TIME)
