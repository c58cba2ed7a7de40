"""Sources and reports in one SQLite file."""

from pathlib import Path

from neural_lab.backends.clock import Clock, utc
from neural_lab.backends.sqlite.database import Database
from neural_lab.backends.sqlite.history import SqliteHistory
from neural_lab.backends.sqlite.library import SqliteLibrary
from neural_lab.backends.sqlite.owner import Owner


class SqliteStore:
    """A `Store`; the file and its folder are made when missing. `now` tells when a source is added.

    Raises `StoreUnavailable`. Threads and processes may use one file at once, each
    process with a store that it opened itself.
    """

    def __init__(self, path: Path, now: Clock = utc) -> None:
        self._database, self._now = Database(path), now

    def library(self, owner: str) -> SqliteLibrary:
        return SqliteLibrary(Owner(self._database, owner), self._now)

    def history(self, owner: str) -> SqliteHistory:
        return SqliteHistory(Owner(self._database, owner))

    def close(self) -> None:
        """Close the file for all threads. A second time does nothing."""
        self._database.close()
