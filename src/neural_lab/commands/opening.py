"""The store behind a command: opened, and never made by looking for something in it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from neural_lab.errors import StoreUnavailable
from neural_lab.settings import Settings, read_settings, usual_store

if TYPE_CHECKING:
    from neural_lab.ports import Store

OWNER = "local"
"""Whose library and history the command line works on."""
SQLITE = "sqlite:///"
EMPTY = "memory:"


@contextmanager
def opened(
    url: str | None, *, make: bool = False, make_usual: bool = False
) -> Iterator[tuple[Store, Settings]]:
    """The store at `url` or of the settings, closed afterwards.

    A database that is not there is made with `make`, and with `make_usual` if it is the
    one that no setting names. Otherwise that one is as good as empty, and for any other
    `StoreUnavailable` is raised: its name may be a typing error.
    """
    from neural_lab.compose import open_store

    settings = read_settings()
    usual = url is None and settings.store == usual_store()
    at = url or settings.store
    if not (make or (make_usual and usual)) and is_missing(at):
        at = EMPTY if usual else _refused(at)
    store = open_store(at)
    try:
        yield store, settings
    finally:
        store.close()


def database_file(url: str) -> Path | None:
    """The file of a store, None for one that is no file."""
    return Path(url.removeprefix(SQLITE)) if url.startswith(SQLITE) else None


def is_missing(url: str) -> bool:
    """Whether a store is a file that is not there. What cannot be looked at is left to be opened."""
    path = database_file(url)
    try:
        return path is not None and not path.exists()
    except OSError:
        return False


def shown_url(url: str) -> str:
    """A store's URL without a password."""
    if database_file(url) or "://" not in url:
        return url
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}{parts.path}"


def place(url: str) -> str:
    """Where a store lies, as people name it."""
    path = database_file(url)
    return str(path.absolute()) if path else shown_url(url)


def size(url: str) -> int | None:
    """Bytes of a store's files, None for one that is no file."""
    path = database_file(url)
    if path is None:
        return None
    files = (path.with_name(path.name + suffix) for suffix in ("", "-wal", "-shm"))
    return sum(file.stat().st_size for file in files if file.exists())


def _refused(url: str) -> str:
    path = database_file(url)
    raise StoreUnavailable(
        "no_store", f"There is no database {path}: check the name, or make it with `neural-lab library add`."
    )
