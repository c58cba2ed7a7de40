"""The queue of a batcher, and who leaves it together."""

from concurrent.futures import Future
from dataclasses import dataclass, field
from typing import Generic, TypeVar

T = TypeVar("T")
R = TypeVar("R")


@dataclass(frozen=True, eq=False)
class Place(Generic[T, R]):
    """An item that waits or runs; `future` takes one outcome and refuses every other."""

    item: T
    size: int
    future: Future[R] = field(default_factory=Future)


class Waiting(Generic[T, R]):
    """Places in the order they came. Its owner sees to it that one thread at a time uses it."""

    def __init__(self) -> None:
        self._places: dict[Place[T, R], None] = {}
        self.size = 0

    def __len__(self) -> int:
        return len(self._places)

    def add(self, place: Place[T, R]) -> None:
        self._places[place] = None
        self.size += place.size

    def remove(self, place: Place[T, R]) -> bool:
        """False, and nothing is done, where it has left."""
        if place not in self._places:
            return False
        del self._places[place]
        self.size -= place.size
        return True

    def take(self, budget: int) -> list[Place[T, R]]:
        """The first, and of the others the nearest in size that fit into `budget` beside it."""
        oldest, *others = self._places
        chosen, room = [oldest], budget - oldest.size
        for place in sorted(others, key=lambda place: abs(place.size - oldest.size)):
            if place.size <= room:
                chosen.append(place)
                room -= place.size
        for place in chosen:
            self.remove(place)
        return chosen

    def take_all(self) -> list[Place[T, R]]:
        places, self._places, self.size = [*self._places], {}, 0
        return places
