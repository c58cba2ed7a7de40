"""Disputes of all owners in memory."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import replace

from neural_lab.backends.memory_disputes import MemoryDisputes
from neural_lab.dispute import MOST_DISPUTES, QUARANTINED, Counts, Decision, Dispute, State, counted, decided


class MemoryReview:
    """A `Review`, and the reference for what one answers."""

    def __init__(self, owned: Mapping[str, MemoryDisputes]) -> None:
        self._owned = owned

    def disputes(self, state: State = QUARANTINED, most: int = 50) -> list[Dispute]:
        """The oldest first, each with its owner."""
        found = [each for each in self._all() if each.training_consented and each.state == state]
        return found[: max(most, 0)]

    def dispute(self, number: int) -> Dispute | None:
        agreed = (each for each in self._all() if each.training_consented)
        return next((each for each in agreed if each.id == number), None)

    def decide(self, number: int, decision: Decision, reviewer: int, at: str, note: str = "") -> Dispute:
        """See `dispute.decided`."""
        found = self.dispute(number)
        if found is None:
            return decided(None, decision, reviewer, at, note)
        kept = self._owned[found.owner].decide(number, decision, reviewer, at, note)
        return replace(kept, owner=found.owner)

    def counts(self) -> Counts:
        return Counts(**Counter(map(counted, self._all())))

    def released(self) -> list[Dispute]:
        """The oldest first."""
        return [each for each in self._all() if each.released]

    def _all(self) -> list[Dispute]:
        owned = [*self._owned.items()]
        found = (replace(each, owner=name) for name, of in owned for each in of.disputes(MOST_DISPUTES))
        return sorted(found, key=lambda dispute: dispute.id)
