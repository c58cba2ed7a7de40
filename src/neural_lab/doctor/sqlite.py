"""A database file: of this program, up to date, whole, and searchable by this SQLite."""

import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

from neural_lab.backends.sqlite.failures import FOREIGN, NEWER, translated, unavailable
from neural_lab.backends.sqlite.migrations import STEPS
from neural_lab.doctor.checked import Checked, failed, not_here, ok, warning

NEEDED = (3, 34)
"""The first with an index of trigrams."""
SECONDS = 3.0
EVERY = 10_000
"""So many steps of SQLite's machine between two looks at the clock."""
TRIGRAMS = "create virtual table t using fts5 (text, tokenize = 'trigram case_sensitive 1')"
BACKUP = "Restore it from a backup."


def sqlite(path: Path, *, named: bool) -> Iterator[Checked]:
    yield _library()
    if not path.exists():
        say = warning if named else not_here
        yield say("store", f"There is no database {path}.", "Whatever is kept first makes it.")
        return
    with translated(path), closing(_opened(path)) as connection:
        yield _version(connection, path)
        yield _mode(connection)
        yield _whole(connection, path)


def _opened(path: Path) -> sqlite3.Connection:
    """For reading alone."""
    uri = f"{path.absolute().as_uri()}?mode=ro"
    return sqlite3.connect(uri, uri=True, timeout=1, isolation_level=None)


def _library() -> Checked:
    found, version = f"SQLite {sqlite3.sqlite_version}", sqlite3.sqlite_version_info
    advice = "Use a Python that was built with a newer SQLite, with FTS5."
    if version < NEEDED:
        return failed("store.sqlite", f"{found}; 3.34 or newer is needed.", advice)
    try:
        with closing(sqlite3.connect(":memory:")) as connection:
            connection.execute(TRIGRAMS)
    except sqlite3.Error:
        return failed("store.sqlite", f"{found} has no index of trigrams.", advice)
    return ok("store.sqlite", f"{found} with FTS5 and trigrams.", version=sqlite3.sqlite_version)


def _version(connection: sqlite3.Connection, path: Path) -> Checked:
    found, known = int(_asked(connection, "pragma user_version")), len([*STEPS.glob("*.sql")])
    if found > known:
        raise unavailable(path, NEWER)
    if not found and connection.execute("select 1 from sqlite_master limit 1").fetchone():
        raise unavailable(path, FOREIGN)
    said = f"{path} has schema {found} of {known}."
    if found < known:
        return warning("store", said, "It is brought up to date when it is next used; back it up before.")
    return ok("store", said, schema=found, bytes=path.stat().st_size)


def _mode(connection: sqlite3.Connection) -> Checked:
    mode = str(_asked(connection, "pragma journal_mode"))
    if mode != "wal":
        advice = "Programs wait for each other. It becomes wal when it is next used, unless its disk cannot."
        return warning("store.journal", f"The journal's mode is {mode}, not wal.", advice)
    return ok("store.journal", "The journal's mode is wal.")


def _whole(connection: sqlite3.Connection, path: Path) -> Checked:
    """Given up after some seconds: a large file takes longer to read than anybody waits."""
    end = time.monotonic() + SECONDS
    connection.set_progress_handler(lambda: time.monotonic() > end, EVERY)
    try:
        found = str(_asked(connection, "pragma quick_check(1)"))
    except sqlite3.DatabaseError as error:
        if error.sqlite_errorcode != sqlite3.SQLITE_INTERRUPT:
            return failed("store.integrity", f"SQLite cannot read {path} to its end.", BACKUP)
        size = f"{path.stat().st_size / 2**20:,.0f} MiB"
        advice = f"To read it to the end, when nobody works: sqlite3 {path} 'pragma integrity_check'"
        return warning("store.integrity", f"{size} are too much to check in {SECONDS:g} s.", advice)
    if found != "ok":
        return failed("store.integrity", "SQLite finds the file damaged.", BACKUP)
    return ok("store.integrity", "SQLite finds the file whole.")


def _asked(connection: sqlite3.Connection, statement: str) -> Any:
    return connection.execute(statement).fetchone()[0]
