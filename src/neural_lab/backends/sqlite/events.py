"""What happened, in SQLite."""

from collections.abc import Sequence
from typing import Any

from neural_lab.backends.sqlite.database import Database
from neural_lab.backends.sqlite.values import read, written
from neural_lab.event import Event

ADD = """
insert into event (at, status, milliseconds, characters, words, probability, kind, verdict, detector, signals)
values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
"""
BETWEEN = """
select at, status, milliseconds, characters, words, probability, kind, verdict, detector, signals
from event where at >= ? and at < ? order by at, rowid limit ?
"""
EXPIRE = "delete from event where at < ?"


class SqliteEvents:
    """An `Events`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def record(self, events: Sequence[Event]) -> None:
        with self._database.writing() as connection:
            connection.executemany(ADD, map(_row, events))

    def between(self, start: str, end: str, most: int = 100_000) -> list[Event]:
        """Events from `start` on and before `end`, in order."""
        with self._database.reading() as connection:
            return [_event(row) for row in connection.execute(BETWEEN, (start, end, max(most, 0)))]

    def expire(self, before: str) -> int:
        """Nothing is wiped: there are no words in events."""
        with self._database.writing() as connection:
            return connection.execute(EXPIRE, (before,)).rowcount


def _row(event: Event) -> tuple[object, ...]:
    numbers = event.status, event.milliseconds, event.characters, event.words, event.probability
    return event.at, *numbers, *map(written, (event.kind, event.verdict, event.detector, event.signals))


def _event(row: Sequence[Any]) -> Event:
    at, status, milliseconds, characters, words, probability = row[:6]
    kind, *described = map(read, row[6:])
    return Event(at, kind, status, milliseconds, characters, words, probability, *described)
