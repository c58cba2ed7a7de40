"""Failures of PostgreSQL in words, translated once.

What the server says is not passed on: its messages quote values, and so texts.
"""

from collections.abc import Iterator
from concurrent.futures import CancelledError
from contextlib import contextmanager

import asyncpg

from neural_lab.errors import StoreUnavailable

FAILURES = (
    asyncpg.PostgresError,
    asyncpg.InterfaceError,
    asyncpg.InternalClientError,
    CancelledError,
    OSError,
)
CLOSED = "store_closed", "The database was closed: open it again."
WRONG_URL = "store_url", "The URL of the database is not of the form postgresql://user@host:5432/name."
UNREACHABLE = (
    "store_unreachable",
    "PostgreSQL cannot be reached or does not answer: check that it runs, and host and port in the URL.",
)
MISSING_EXTENSION = (
    "store_extension",
    "PostgreSQL has no extension pg_trgm: install its contrib package on the server.",
)
# By SQLSTATE or, where all of a class are meant, by its first two characters.
ADVICE = {
    "08": UNREACHABLE,
    "28": (
        "store_denied",
        "PostgreSQL refuses this user or password: correct the URL, ~/.pgpass or pg_hba.conf.",
    ),
    "3D000": (
        "store_missing",
        "There is no such database: make it with createdb, or correct its name in the URL.",
    ),
    "42501": (
        "store_denied",
        "The user may not do this in the database: make it the database's owner, and if pg_trgm is missing"
        " let a superuser run CREATE EXTENSION pg_trgm.",
    ),
    "0A000": MISSING_EXTENSION,
    "58P01": MISSING_EXTENSION,
    "53100": ("store_full", "The disk of the database is full: make room and try again."),
    "53": ("store_busy", "PostgreSQL has no connection or memory left: try again later."),
    "54": ("store_limit", "A text is larger than PostgreSQL can store: split it."),
    "57": ("store_stopped", "PostgreSQL ended the request: check that it runs, and try again."),
    "25006": ("store_read_only", "The database is read only: use the URL of the primary server."),
}


@contextmanager
def translated() -> Iterator[None]:
    """Turn failures of the database inside into `StoreUnavailable`, without their cause."""
    try:
        yield
    except FAILURES as error:
        raise unavailable(error) from None


def unavailable(error: BaseException) -> StoreUnavailable:
    """The words for one failure."""
    if isinstance(error, CancelledError):
        return StoreUnavailable(*CLOSED)
    state = getattr(error, "sqlstate", None) or ""
    known = ADVICE.get(state) or ADVICE.get(state[:2])
    if known is None and isinstance(error, asyncpg.PostgresError):
        known = "store_failed", f"PostgreSQL reports error {state}: its log says more."
    return StoreUnavailable(*(known or UNREACHABLE))
