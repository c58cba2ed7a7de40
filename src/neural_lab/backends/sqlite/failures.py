"""Failures of SQLite in words, translated once.

What SQLite says is not passed on, so that no message can quote a text.
"""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from neural_lab.errors import StoreUnavailable

BUSY = ("store_busy", "is in use by another program: wait until that has finished, and try again.")
READ_ONLY = ("store_read_only", "cannot be written: make the file and its folder writable for you.")
UNREACHABLE = ("store_unreachable", "cannot be opened: name a file in a folder that is yours.")
DAMAGED = ("store_damaged", "is damaged or not a library: restore it from a backup, or name another file.")
CLOSED = ("store_closed", "was closed: open it again.")
FAILED = ("store_failed", "cannot be used: check the file and its disk, and try again.")
WIPE_DUE = (
    "wipe_due",
    "shows nothing any more of what was deleted, but its bytes are still there, since another program reads"
    " the file: close that program; Neural Lab overwrites them when it next opens the file or writes to it.",
)
NEWER = ("store_newer", "was written by a newer version of Neural Lab: upgrade, or name another file.")
FOREIGN = ("store_foreign", "is the database of another program: name another file.")
# By primary result code of SQLite.
ADVICE = {
    sqlite3.SQLITE_BUSY: BUSY,
    sqlite3.SQLITE_LOCKED: BUSY,
    sqlite3.SQLITE_FULL: ("store_full", "has no room: free space on its disk, and try again."),
    sqlite3.SQLITE_IOERR: ("store_disk", "cannot be read or written: check its disk, and try again."),
    sqlite3.SQLITE_CORRUPT: DAMAGED,
    sqlite3.SQLITE_NOTADB: DAMAGED,
    sqlite3.SQLITE_READONLY: READ_ONLY,
    sqlite3.SQLITE_PERM: READ_ONLY,
    sqlite3.SQLITE_CANTOPEN: UNREACHABLE,
    sqlite3.SQLITE_TOOBIG: ("store_limit", "cannot hold a text of more than a gigabyte: split it."),
}


@contextmanager
def translated(path: Path) -> Iterator[None]:
    """Turn failures of SQLite and of the file inside into `StoreUnavailable`, without their cause."""
    try:
        yield
    except sqlite3.Error as error:
        raise unavailable(path, _advice(error)) from None
    except OSError as error:
        denied = isinstance(error, PermissionError)
        raise unavailable(path, READ_ONLY if denied else UNREACHABLE) from None


def unavailable(path: Path, advice: tuple[str, str]) -> StoreUnavailable:
    code, what = advice
    return StoreUnavailable(code, f"{path} {what}")


def _advice(error: sqlite3.Error) -> tuple[str, str]:
    # The upper bytes of a result code only refine the lowest.
    return ADVICE.get(getattr(error, "sqlite_errorcode", 0) & 0xFF, FAILED)
