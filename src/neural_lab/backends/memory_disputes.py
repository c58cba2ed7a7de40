"""The disputes of one owner in memory."""

from collections.abc import Iterator
from dataclasses import replace
from itertools import count
from threading import Lock

from neural_lab.dispute import Decision, Dispute, check_room, decided, filed


class MemoryDisputes:
    """A `Disputes`, and the reference for what disputes answer."""

    def __init__(self, numbers: Iterator[int] | None = None) -> None:
        self._numbers, self._lock = numbers or count(1), Lock()
        self._disputes: dict[int, Dispute] = {}

    def add(self, dispute: Dispute) -> Dispute:
        """The dispute with its number. Raises `InvalidRequest` where there are too many."""
        with self._lock:
            check_room(len(self._disputes))
            added = filed(dispute, next(self._numbers))
            self._disputes[added.id] = added
            return added

    def disputes(self, most: int = 50) -> list[Dispute]:
        """The newest first."""
        with self._lock:
            return [*reversed(self._disputes.values())][: max(most, 0)]

    def withdraw(self, number: int) -> bool:
        with self._lock:
            return self._disputes.pop(number, None) is not None

    def consent(self, number: int, moment: str) -> Dispute | None:
        with self._lock:
            if found := self._disputes.get(number):
                self._disputes[number] = found = replace(found, training_consented=moment)
            return found

    def decide(self, number: int, decision: Decision, reviewer: int, at: str, note: str) -> Dispute:
        """See `dispute.decided`."""
        with self._lock:
            found = decided(self._disputes.get(number), decision, reviewer, at, note)
            self._disputes[number] = found
            return found

    def forget(self) -> None:
        """Delete all disputes."""
        with self._lock:
            self._disputes.clear()
