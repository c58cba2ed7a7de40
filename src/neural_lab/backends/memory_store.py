"""A store in memory, gone with the process: nothing is written anywhere."""

from collections import defaultdict
from collections.abc import Sequence
from itertools import count

from neural_lab.audit.postings import MOST_SOURCES
from neural_lab.backends.clock import Clock, utc
from neural_lab.backends.memory_accounts import MemoryAccounts
from neural_lab.backends.memory_disputes import MemoryDisputes
from neural_lab.backends.memory_events import MemoryEvents
from neural_lab.backends.memory_history import MemoryHistory
from neural_lab.backends.memory_jobs import MemoryJobs
from neural_lab.backends.memory_library import MemoryLibrary
from neural_lab.backends.memory_preferences import MemoryPreferences
from neural_lab.backends.memory_queue import MemoryQueue
from neural_lab.backends.memory_review import MemoryReview
from neural_lab.backends.memory_trail import MemoryTrail
from neural_lab.dispute import Dispute
from neural_lab.entry import Entry
from neural_lab.preferences import Choices


class MemoryStore:
    """A `Store`; `now` tells the time at which something is stored. `most_sources` is for its libraries."""

    def __init__(self, now: Clock = utc, most_sources: int = MOST_SOURCES) -> None:
        sources, entries, disputes = count(1), count(1), count(1)
        self._libraries = defaultdict[str, MemoryLibrary](lambda: MemoryLibrary(sources, now, most_sources))
        self._histories = defaultdict[str, MemoryHistory](lambda: MemoryHistory(entries))
        self._disputes = defaultdict[str, MemoryDisputes](lambda: MemoryDisputes(disputes))
        self._trails, self._chosen = defaultdict[str, MemoryTrail](MemoryTrail), dict[str, Choices]()
        self._accounts, self._events = MemoryAccounts(now), MemoryEvents()
        self._queue = MemoryQueue(self._keep, now)

    def library(self, owner: str) -> MemoryLibrary:
        return self._libraries[owner]

    def history(self, owner: str) -> MemoryHistory:
        return self._histories[owner]

    def preferences(self, owner: str) -> MemoryPreferences:
        return MemoryPreferences(self._chosen, owner)

    def chosen(self) -> dict[str, Choices]:
        return {**self._chosen}

    def disputes(self, owner: str) -> MemoryDisputes:
        return self._disputes[owner]

    def review(self) -> MemoryReview:
        return MemoryReview(self._disputes)

    def released_disputes(self) -> list[Dispute]:
        return self.review().released()

    def trail(self, owner: str) -> MemoryTrail:
        return self._trails[owner]

    def accounts(self) -> MemoryAccounts:
        return self._accounts

    def jobs(self, owner: str) -> MemoryJobs:
        return MemoryJobs(self._queue, owner)

    def queue(self) -> MemoryQueue:
        return self._queue

    def events(self) -> MemoryEvents:
        return self._events

    def forget(self, owner: str) -> None:
        """Delete everything that an owner has; who still holds the library finds it empty."""
        library = self.library(owner)
        library.remove([source.id for source in library.sources()])
        self.history(owner).purge()
        self.trail(owner).purge()
        self.disputes(owner).forget()
        self.jobs(owner).forget()
        self._chosen.pop(owner, None)

    def expire(self, before: str) -> int:
        """Delete the entries of all owners created before a moment."""
        return sum(history.expire(before) for history in [*self._histories.values()])

    def ping(self) -> None:
        """Memory always answers."""

    def close(self) -> None:
        """Forget everything."""
        for owned in (self._libraries, self._histories, self._disputes, self._trails, self._chosen):
            owned.clear()
        self._accounts, self._queue, self._events = MemoryAccounts(), MemoryQueue(self._keep), MemoryEvents()

    def _keep(self, owner: str, entries: Sequence[Entry]) -> None:
        self.history(owner).keep(entries)
