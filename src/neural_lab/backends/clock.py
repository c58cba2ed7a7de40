"""The time at which something is stored."""

from collections.abc import Callable
from datetime import UTC, datetime

Clock = Callable[[], str]


def utc() -> str:
    """Now, ISO 8601 in UTC to the second; moments written like this are in order as text."""
    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
