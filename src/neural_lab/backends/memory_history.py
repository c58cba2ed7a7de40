"""The reports of one owner in memory."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import count, islice
from threading import Lock

from neural_lab.backends.searching import holds, wanted
from neural_lab.entry import Entry
from neural_lab.errors import NotFound


class MemoryHistory:
    """A `History`, and the reference for what histories answer."""

    def __init__(self, numbers: Iterator[int] | None = None) -> None:
        self._numbers, self._lock = numbers or count(1), Lock()
        self._entries: dict[int, Entry] = {}

    def keep(self, entries: Sequence[Entry]) -> list[int]:
        """Store entries and return their numbers."""
        with self._lock:
            numbered = [replace(entry, id=next(self._numbers)) for entry in entries]
            self._entries |= {entry.id: entry for entry in numbered}
            return [entry.id for entry in numbered]

    def entries(self, most: int = 50, before: int | None = None) -> list[Entry]:
        """Newest first, `before` a number, without `text` and `report`."""
        with self._lock:
            newest = reversed(self._entries.values())
            return _listed((each for each in newest if before is None or each.id < before), most)

    def entry(self, number: int) -> Entry:
        """One whole entry. Raises `NotFound`."""
        with self._lock:
            if number in self._entries:
                return self._entries[number]
        raise missing(number)

    def search(self, words: str, most: int = 50) -> list[Entry]:
        """As `entries`, those whose text, title or path contains `words`; raises `InvalidRequest`."""
        folded = wanted(words)
        with self._lock:
            newest = reversed(self._entries.values())
            return _listed((e for e in newest if holds(folded, e.title, e.path, e.text)), most)

    def delete(self, numbers: Sequence[int]) -> int:
        """Delete entries, and say how many there were."""
        with self._lock:
            known = self._entries.keys() & set(numbers)
            for number in known:
                del self._entries[number]
            return len(known)

    def purge(self) -> int:
        """Delete all entries."""
        return self.delete([*self._entries])

    def expire(self, before: str) -> int:
        """Delete entries created before a moment."""
        return self.delete([each.id for each in self.entries(len(self._entries)) if each.created < before])


def _listed(entries: Iterable[Entry], most: int) -> list[Entry]:
    return [replace(each, text="", report="") for each in islice(entries, max(most, 0))]


def missing(number: int) -> NotFound:
    return NotFound("no_entry", f"The history has no entry {number}: list it to see which there are.")
