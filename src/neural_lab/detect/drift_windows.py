"""Which days are compared with which."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from neural_lab.errors import InvalidRequest

DAYS, REFERENCE, LONGEST = 7, 28, 36_500
_RANGE = re.compile(r"(\d{4}-\d\d-\d\d)\.\.(\d{4}-\d\d-\d\d)")
_HOW = "Write the reference as a number of days, or as two days: 2026-10-01..2026-10-31."


@dataclass(frozen=True, slots=True)
class Window:
    """Whole days in UTC, from `first` to `last`."""

    first: date
    last: date

    def __contains__(self, day: date) -> bool:
        return self.first <= day <= self.last


def current(today: date, days: int = DAYS) -> Window:
    """Today so far and so many whole days before it."""
    return Window(today - timedelta(days=min(days, LONGEST)), today)


def reference(asked: str, known: Iterable[date], window: Window) -> Window | None:
    """The days before `window` to compare it with: those that were named, or the first ones of those `known`.

    A fixed beginning, and not the weeks just before: what changes slowly would never be seen. None where
    there is no day before the window. Raises `InvalidRequest`.
    """
    if named := _RANGE.fullmatch(asked):
        return _named(_day(named[1]), _day(named[2]), window)
    if not asked.isascii() or not asked.isdecimal() or not 1 <= int(asked) <= LONGEST:
        raise InvalidRequest("reference", _HOW)
    begun = min((day for day in known if day < window.first), default=None)
    if begun is None:
        return None
    return Window(begun, min(begun + timedelta(days=int(asked) - 1), window.first - timedelta(days=1)))


def _named(first: date, last: date, window: Window) -> Window:
    if first > last or last >= window.first:
        message = f"The reference has to end before {window.first}, where the days to be compared begin."
        raise InvalidRequest("reference", message)
    return Window(first, last)


def _day(typed: str) -> date:
    try:
        return date.fromisoformat(typed)
    except ValueError:
        raise InvalidRequest("reference", _HOW) from None
