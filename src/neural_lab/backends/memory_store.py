"""A store in memory, gone with the process: nothing is written anywhere."""

from collections import defaultdict
from itertools import count

from neural_lab.backends.clock import Clock, utc
from neural_lab.backends.memory_history import MemoryHistory
from neural_lab.backends.memory_library import MemoryLibrary


class MemoryStore:
    """A `Store`; `now` tells the time at which a source is added."""

    def __init__(self, now: Clock = utc) -> None:
        sources, entries = count(1), count(1)
        self._libraries = defaultdict[str, MemoryLibrary](lambda: MemoryLibrary(sources, now))
        self._histories = defaultdict[str, MemoryHistory](lambda: MemoryHistory(entries))

    def library(self, owner: str) -> MemoryLibrary:
        return self._libraries[owner]

    def history(self, owner: str) -> MemoryHistory:
        return self._histories[owner]

    def close(self) -> None:
        """Forget everything."""
        self._libraries.clear()
        self._histories.clear()
