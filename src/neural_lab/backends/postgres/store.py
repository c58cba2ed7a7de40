"""All that is kept, in PostgreSQL."""

from neural_lab.backends.clock import Clock, utc
from neural_lab.backends.postgres import forgetting
from neural_lab.backends.postgres.accounts import PostgresAccounts
from neural_lab.backends.postgres.database import Database, statement
from neural_lab.backends.postgres.disputes import PostgresDisputes
from neural_lab.backends.postgres.escapes import escaped
from neural_lab.backends.postgres.events import PostgresEvents
from neural_lab.backends.postgres.history import PostgresHistory
from neural_lab.backends.postgres.jobs import PostgresJobs
from neural_lab.backends.postgres.library import PostgresLibrary
from neural_lab.backends.postgres.preferences import PostgresPreferences, chosen
from neural_lab.backends.postgres.queue import PostgresQueue
from neural_lab.backends.postgres.review import PostgresReview
from neural_lab.backends.postgres.schema import migrate
from neural_lab.backends.postgres.trail import PostgresTrail
from neural_lab.dispute import Dispute
from neural_lab.preferences import Choices


class PostgresStore:
    """A `Store` at a URL `postgresql://user@host:5432/name`, whose tables are made when it is opened.

    `now` tells the time at which something is stored.
    """

    def __init__(self, url: str, now: Clock = utc) -> None:
        migrate(url)
        self._database, self._now = Database(url), now

    def library(self, owner: str) -> PostgresLibrary:
        return PostgresLibrary(self._database, self._number(owner), self._now)

    def history(self, owner: str) -> PostgresHistory:
        return PostgresHistory(self._database, self._number(owner))

    def preferences(self, owner: str) -> PostgresPreferences:
        return PostgresPreferences(self._database, self._number(owner))

    def chosen(self) -> dict[str, Choices]:
        return chosen(self._database)

    def disputes(self, owner: str) -> PostgresDisputes:
        return PostgresDisputes(self._database, self._number(owner))

    def review(self) -> PostgresReview:
        return PostgresReview(self._database)

    def released_disputes(self) -> list[Dispute]:
        return self.review().released()

    def trail(self, owner: str) -> PostgresTrail:
        return PostgresTrail(self._database, self._number(owner))

    def accounts(self) -> PostgresAccounts:
        return PostgresAccounts(self._database, self._now)

    def jobs(self, owner: str) -> PostgresJobs:
        return PostgresJobs(self._database, self._number(owner), owner, self._now)

    def queue(self) -> PostgresQueue:
        return PostgresQueue(self._database, self._now)

    def events(self) -> PostgresEvents:
        return PostgresEvents(self._database)

    def forget(self, owner: str) -> None:
        """Delete all rows of an owner; the number of the owner stays. See `Database.wipe`."""
        forgetting.forget(self._database, self._number(owner))

    def expire(self, before: str) -> int:
        """Delete the entries of all owners created before a moment. See `Database.wipe`."""
        return forgetting.expire(self._database, before)

    def ping(self) -> None:
        self._database.ping()

    def close(self) -> None:
        self._database.close()

    def _number(self, owner: str) -> int:
        name = escaped(owner)
        while not (rows := self._database.rows(statement("find_owner"), name)):
            self._database.rows(statement("add_owner"), name)
        return int(rows[0]["id"])
