"""A store in memory, gone with the process: nothing is written anywhere."""

from collections import defaultdict
from itertools import count

from neural_lab.audit.postings import MOST_SOURCES
from neural_lab.backends.clock import Clock, utc
from neural_lab.backends.memory_accounts import MemoryAccounts
from neural_lab.backends.memory_events import MemoryEvents
from neural_lab.backends.memory_history import MemoryHistory
from neural_lab.backends.memory_jobs import MemoryJobs
from neural_lab.backends.memory_library import MemoryLibrary
from neural_lab.backends.memory_queue import MemoryQueue


class MemoryStore:
    """A `Store`; `now` tells the time at which something is stored. `most_sources` is for its libraries."""

    def __init__(self, now: Clock = utc, most_sources: int = MOST_SOURCES) -> None:
        sources, entries = count(1), count(1)
        self._libraries = defaultdict[str, MemoryLibrary](lambda: MemoryLibrary(sources, now, most_sources))
        self._histories = defaultdict[str, MemoryHistory](lambda: MemoryHistory(entries))
        self._accounts, self._queue, self._events = MemoryAccounts(now), MemoryQueue(now), MemoryEvents()

    def library(self, owner: str) -> MemoryLibrary:
        return self._libraries[owner]

    def history(self, owner: str) -> MemoryHistory:
        return self._histories[owner]

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
        self.jobs(owner).forget()

    def ping(self) -> None:
        """Memory always answers."""

    def close(self) -> None:
        """Forget everything."""
        self._libraries.clear()
        self._histories.clear()
        self._accounts, self._queue, self._events = MemoryAccounts(), MemoryQueue(), MemoryEvents()
