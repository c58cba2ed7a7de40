"""The time at which something is stored."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

Clock = Callable[[], str]


def utc(days_ago: int = 0) -> str:
    """Now or before, ISO 8601 in UTC to the second; moments written like this are in order as text."""
    return (datetime.now(UTC) - timedelta(days=days_ago)).strftime("%Y-%m-%dT%H:%M:%SZ")
