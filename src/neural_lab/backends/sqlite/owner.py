"""One owner in a database file: whoever reads or writes through it sees nothing of others."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from typing import Any

from neural_lab.backends.sqlite.database import Database
from neural_lab.backends.sqlite.values import written

FIND = "select id from owner where name = ?"
MAKE = "insert or ignore into owner (name) values (?)"


class Owner:
    """Runs statements with `:owner` as the number of the owner, 0 while nothing was kept."""

    def __init__(self, database: Database, name: str) -> None:
        self.database, self._name = database, (written(name),)

    def rows(self, statement: str, **values: object) -> list[Any]:
        with self.asked(statement, **values) as rows:
            return rows.fetchall()

    @contextmanager
    def asked(self, statement: str, **values: object) -> Iterator[sqlite3.Cursor]:
        """Rows to be read within the block, as many of them as are needed."""
        with self.database.reading() as connection, closing(connection.cursor()) as cursor:
            yield cursor.execute(statement, {"owner": self._number(connection), **values})

    @contextmanager
    def writing(self) -> Iterator[tuple[sqlite3.Connection, int]]:
        """A transaction that writes, and the number of the owner, who gets one now if need be."""
        with self.database.writing() as connection:
            connection.execute(MAKE, self._name)
            yield connection, self._number(connection)

    @contextmanager
    def deleting(self) -> Iterator[tuple[sqlite3.Connection, int]]:
        """As `Database.deleting`, and the number of the owner."""
        with self.database.deleting() as connection:
            yield connection, self._number(connection)

    def _number(self, connection: sqlite3.Connection) -> int:
        found = connection.execute(FIND, self._name).fetchone()
        return int(found[0]) if found else 0
