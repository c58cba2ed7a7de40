"""Files and folders that are there whole or not at all, also after a kill or a power cut."""

from __future__ import annotations

import os
import secrets
import shutil
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from neural_lab.errors import Overloaded

LOCK, WAIT = ".lock", 30.0
PART = ".part"
BUSY = "Another command is changing the detectors: try again when it is done."


@contextmanager
def locked(folder: Path, seconds: float = WAIT) -> Iterator[None]:
    """One writer at a time. Raises `Overloaded` after so many seconds.

    An empty SQLite database is the lock: it works between processes on every platform, and the system
    gives it back when its holder is killed.
    """
    import sqlite3

    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    (folder / LOCK).touch()
    with closing(sqlite3.connect(folder / LOCK, seconds, isolation_level=None)) as lock:
        try:
            lock.execute("begin exclusive")
        except sqlite3.OperationalError as error:
            raise Overloaded("detectors_busy", BUSY, 5) from error
        tidy(folder)
        yield


def replaced(path: Path, content: bytes) -> None:
    """Write a file that takes the place of `path`: readers see the old one or the new one."""
    draft = draft_of(path)
    try:
        draft.write_bytes(content)
        synced(draft)
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)
    synced(path.parent)


@contextmanager
def copied(source: Path, place: Path) -> Iterator[Path]:
    """A copy of a folder under a name of its own, on the disk; gone afterwards unless it was moved."""
    draft = draft_of(place)
    try:
        shutil.copytree(source, draft)
        for path in (*draft.rglob("*"), draft):
            synced(path)
        yield draft
    finally:
        shutil.rmtree(draft, ignore_errors=True)


def moved(draft: Path, place: Path) -> None:
    """Put a finished folder in its place; one that stands there goes first."""
    if place.exists():
        gone(place)
    draft.rename(place)
    synced(place.parent)


def gone(folder: Path) -> None:
    """Take a folder away at once, and then delete it."""
    old = draft_of(folder)
    folder.rename(old)
    synced(folder.parent)
    shutil.rmtree(old)


def draft_of(path: Path) -> Path:
    """A name beside `path` that nothing else has, and that `tidy` removes."""
    return path.with_name(f".{path.name}.{secrets.token_hex(4)}{PART}")


def tidy(folder: Path) -> None:
    """Remove what a killed writer left behind; only who holds the lock may."""
    for left in folder.glob(f".*{PART}"):
        if left.is_dir():
            shutil.rmtree(left)
        else:
            left.unlink()


def synced(path: Path) -> None:
    """Wait until a file, or the names in a folder, are on the disk."""
    if os.name == "nt":
        # There is no such thing for folders, nor for files that are only read.
        return
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
