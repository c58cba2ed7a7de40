"""A database file: opened with care for what it holds, read and written in transactions."""

import os
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from weakref import WeakSet

from neural_lab.backends.sqlite import wiping
from neural_lab.backends.sqlite.failures import CLOSED, WIPE_DUE, translated, unavailable
from neural_lab.backends.sqlite.migrations import migrate

BUSY_SECONDS = 30
FIRST = "select id from owner limit 1"
# Beside these, migrations put a file into WAL mode for good.
# Memory maps would read a little faster, but a fault of the disk would then end the process, not the request.
PRAGMAS = (
    "synchronous = full",  # What was acknowledged survives a power cut; `normal` would promise less in WAL.
    "secure_delete = on",
    "foreign_keys = on",
    "cache_size = -65536",
    "journal_size_limit = 67108864",
)


class Connection(sqlite3.Connection):
    """One that can be referred to weakly."""


class Database:
    """Usable from any thread and beside other processes; open it after forking, not before.

    Every method raises `StoreUnavailable`.
    """

    def __init__(self, path: Path) -> None:
        self.path, self._closed = path, False
        # A connection for every thread, so that readers need not wait for an import in another thread: in WAL
        # they see what was committed before. It goes with its thread, or when all are closed.
        self._local, self._connections = threading.local(), WeakSet[Connection]()
        with translated(path):
            _create(path)
            try:
                migrate(self._connection(), path)
                wiping.catch_up(self._connection())
            except BaseException:
                self.close()
                raise

    @contextmanager
    def reading(self) -> Iterator[sqlite3.Connection]:
        """A connection that sees one state of the database throughout."""
        with self._transaction("begin") as connection:
            yield connection

    @contextmanager
    def writing(self) -> Iterator[sqlite3.Connection]:
        """A connection whose changes are all kept, or none when an error leaves the block."""
        with self._transaction("begin immediate") as connection:
            yield connection
        wiping.catch_up(connection)

    @contextmanager
    def deleting(self) -> Iterator[sqlite3.Connection]:
        """As `writing`; if anything changes, it is also taken out of the files.

        Raises `StoreUnavailable` with the code `wipe_due` when it is deleted, and for good,
        but another program reads the file for too long: then later calls do the rest.
        """
        with self._transaction("begin immediate") as connection:
            before = connection.total_changes
            yield connection
            changed = connection.total_changes > before
            if changed:
                wiping.note(connection)
        self._wipe(connection, changed)

    def ping(self) -> None:
        """Look whether the file is still there and can be read."""
        with translated(self.path):
            self.path.stat()
            self._connection().execute(FIRST).fetchall()

    def close(self) -> None:
        """Close the connections of all threads. A second time does nothing."""
        self._closed = True
        for connection in list(self._connections):
            connection.close()

    @contextmanager
    def _transaction(self, begin: str) -> Iterator[sqlite3.Connection]:
        with translated(self.path):
            connection = self._connection()
            connection.execute(begin)
            try:
                yield connection
                connection.execute("commit")
            except BaseException:
                with suppress(sqlite3.Error):
                    connection.execute("rollback")
                raise

    def _connection(self) -> Connection:
        if self._closed:
            raise unavailable(self.path, CLOSED)
        if not hasattr(self._local, "connection"):
            self._local.connection = _connected(self.path)
            self._connections.add(self._local.connection)
        connection: Connection = self._local.connection
        return connection

    def _wipe(self, connection: sqlite3.Connection, changed: bool) -> None:
        if wiping.wipe(connection, patient=changed):
            wiping.shrink(connection)
        elif changed:
            raise unavailable(self.path, WIPE_DUE)


def _create(path: Path) -> None:
    """An empty file for its owner alone, in a folder likewise, where there is none yet."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with suppress(FileExistsError):
        os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))


def _connected(path: Path) -> Connection:
    # Threads keep to their own connection, but whoever closes the store closes all of them.
    connection = sqlite3.connect(
        path, timeout=BUSY_SECONDS, isolation_level=None, factory=Connection, check_same_thread=False
    )
    for pragma in PRAGMAS:
        connection.execute(f"pragma {pragma}")
    return connection
