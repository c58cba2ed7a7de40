"""Taking what was deleted out of the files: at once, or when no other program reads any more.

What was deleted is in the log, and in pages of the file that the log replaces; only
when nobody reads an earlier state can the log be written over them and cut off.
"""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager, suppress

NOTE = "update wiping set asked = asked + 1"
STATE = "select asked, done from wiping"
DONE = "update wiping set done = :asked where done < :asked"


def note(connection: sqlite3.Connection) -> None:
    """Remember, with what the transaction deletes, that it has to be taken out of the files."""
    connection.execute(NOTE)


def wipe(connection: sqlite3.Connection, patient: bool) -> bool:
    """Whether the files are rid of what was deleted before; only who is `patient` waits for others."""
    try:
        with _patience(connection, patient):
            return _wiped(connection)
    except sqlite3.Error:
        return False


def catch_up(connection: sqlite3.Connection) -> None:
    """Wipe if that is due and can be done without waiting. Never fails: it is not what was asked for."""
    with suppress(sqlite3.Error):
        asked, done = connection.execute(STATE).fetchone()
        if done < asked:
            wipe(connection, patient=False)


def shrink(connection: sqlite3.Connection) -> None:
    """Write a file anew that is mostly free, if nobody is in the way; that costs what is left of it."""
    with suppress(sqlite3.Error), _patience(connection, patient=False):
        free, pages = (_pragma(connection, name) for name in ("freelist_count", "page_count"))
        if 2 * free > pages:
            connection.execute("vacuum")
            connection.execute("pragma wal_checkpoint(truncate)").fetchall()


def _wiped(connection: sqlite3.Connection) -> bool:
    # Read first: what somebody deletes in the meantime stays due.
    asked, done = connection.execute(STATE).fetchone()
    if _pragma(connection, "wal_checkpoint(truncate)"):
        return False
    if done < asked:
        # Fails while another program writes. Then it is wiped once more, which costs little.
        with suppress(sqlite3.OperationalError):
            connection.execute(DONE, {"asked": asked})
    return True


@contextmanager
def _patience(connection: sqlite3.Connection, patient: bool) -> Iterator[None]:
    usual = _pragma(connection, "busy_timeout")
    if not patient:
        connection.execute("pragma busy_timeout = 0")
    try:
        yield
    finally:
        connection.execute(f"pragma busy_timeout = {usual}")


def _pragma(connection: sqlite3.Connection, name: str) -> int:
    """The first number that a pragma answers."""
    return int(connection.execute(f"pragma {name}").fetchone()[0])
