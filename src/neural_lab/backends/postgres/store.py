"""Sources and reports in PostgreSQL."""

from neural_lab.backends.clock import Clock, utc
from neural_lab.backends.postgres.database import Database, statement
from neural_lab.backends.postgres.escapes import escaped
from neural_lab.backends.postgres.history import PostgresHistory
from neural_lab.backends.postgres.library import PostgresLibrary
from neural_lab.backends.postgres.schema import migrate


class PostgresStore:
    """A `Store` at a URL `postgresql://user@host:5432/name`, whose tables are made when it is opened.

    `now` tells the time at which a source is added.
    """

    def __init__(self, url: str, now: Clock = utc) -> None:
        migrate(url)
        self._database, self._now = Database(url), now

    def library(self, owner: str) -> PostgresLibrary:
        return PostgresLibrary(self._database, self._number(owner), self._now)

    def history(self, owner: str) -> PostgresHistory:
        return PostgresHistory(self._database, self._number(owner))

    def close(self) -> None:
        self._database.close()

    def _number(self, owner: str) -> int:
        name = escaped(owner)
        while not (rows := self._database.rows(statement("find_owner"), name)):
            self._database.rows(statement("add_owner"), name)
        return int(rows[0]["id"])
