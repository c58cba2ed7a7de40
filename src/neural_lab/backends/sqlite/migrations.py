"""The tables of a database file, brought up to date by numbered files."""

import sqlite3
from collections.abc import Sequence
from pathlib import Path

from neural_lab.backends.sqlite.failures import FOREIGN, NEWER, unavailable

STEPS = Path(__file__).with_name("schema")


def migrate(connection: sqlite3.Connection, path: Path) -> None:
    """Apply the steps that a file lacks, all or none. Raises `StoreUnavailable` for files of others."""
    steps = sorted(STEPS.glob("*.sql"))
    done = _version(connection, path, len(steps))
    # Kept in the file, so it comes only after looking whose file it is.
    connection.execute("pragma journal_mode = wal")
    if done < len(steps):
        connection.execute("begin immediate")
        try:
            _complete(connection, path, steps)
        finally:
            if connection.in_transaction:
                connection.execute("rollback")


def _complete(connection: sqlite3.Connection, path: Path, steps: Sequence[Path]) -> None:
    # Asked again, now that no other process can change it.
    for step in steps[_version(connection, path, len(steps)) :]:
        _apply(connection, step)
    connection.execute("commit")


def _version(connection: sqlite3.Connection, path: Path, known: int) -> int:
    version = int(connection.execute("pragma user_version").fetchone()[0])
    if version > known:
        raise unavailable(path, NEWER)
    if not version and connection.execute("select 1 from sqlite_master limit 1").fetchone():
        raise unavailable(path, FOREIGN)
    return version


def _apply(connection: sqlite3.Connection, step: Path) -> None:
    """Statement by statement: `executescript` would end the transaction first."""
    for statement in step.read_text("utf-8").split(";\n"):
        connection.execute(statement)
    connection.execute(f"pragma user_version = {int(step.stem)}")
