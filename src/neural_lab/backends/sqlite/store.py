"""All that is kept, in one SQLite file."""

from pathlib import Path

from neural_lab.backends.clock import Clock, utc
from neural_lab.backends.sqlite import expiring, forgetting
from neural_lab.backends.sqlite.accounts import SqliteAccounts
from neural_lab.backends.sqlite.database import Database
from neural_lab.backends.sqlite.disputes import SqliteDisputes
from neural_lab.backends.sqlite.events import SqliteEvents
from neural_lab.backends.sqlite.history import SqliteHistory
from neural_lab.backends.sqlite.jobs import SqliteJobs
from neural_lab.backends.sqlite.library import SqliteLibrary
from neural_lab.backends.sqlite.owner import Owner
from neural_lab.backends.sqlite.preferences import SqlitePreferences, chosen
from neural_lab.backends.sqlite.queue import SqliteQueue
from neural_lab.backends.sqlite.review import SqliteReview
from neural_lab.backends.sqlite.trail import SqliteTrail
from neural_lab.dispute import Dispute
from neural_lab.preferences import Choices


class SqliteStore:
    """A `Store`; the file and its folder are made when missing. `now` tells when something is stored.

    Raises `StoreUnavailable`. Threads and processes may use one file at once, each
    process with a store that it opened itself.
    """

    def __init__(self, path: Path, now: Clock = utc) -> None:
        self._database, self._now = Database(path), now

    def library(self, owner: str) -> SqliteLibrary:
        return SqliteLibrary(Owner(self._database, owner), self._now)

    def history(self, owner: str) -> SqliteHistory:
        return SqliteHistory(Owner(self._database, owner))

    def preferences(self, owner: str) -> SqlitePreferences:
        return SqlitePreferences(Owner(self._database, owner))

    def chosen(self) -> dict[str, Choices]:
        return chosen(self._database)

    def disputes(self, owner: str) -> SqliteDisputes:
        return SqliteDisputes(Owner(self._database, owner))

    def review(self) -> SqliteReview:
        return SqliteReview(self._database)

    def released_disputes(self) -> list[Dispute]:
        return self.review().released()

    def trail(self, owner: str) -> SqliteTrail:
        return SqliteTrail(Owner(self._database, owner))

    def accounts(self) -> SqliteAccounts:
        return SqliteAccounts(self._database, self._now)

    def jobs(self, owner: str) -> SqliteJobs:
        return SqliteJobs(Owner(self._database, owner), self._now)

    def queue(self) -> SqliteQueue:
        return SqliteQueue(self._database, self._now)

    def events(self) -> SqliteEvents:
        return SqliteEvents(self._database)

    def forget(self, owner: str) -> None:
        """Empty all rows of an owner; the number of the owner stays. See `Database.deleting`."""
        forgetting.forget(Owner(self._database, owner))

    def expire(self, before: str) -> int:
        """Delete the entries of all owners created before a moment; see `Database.deleting`."""
        return expiring.expire(self._database, before)

    def ping(self) -> None:
        self._database.ping()

    def close(self) -> None:
        """Close the file for all threads. A second time does nothing."""
        self._database.close()
