"""Disputes of all owners in SQLite."""

import sqlite3
from collections.abc import Sequence
from typing import Any

from neural_lab.backends.sqlite import texts, wiping
from neural_lab.backends.sqlite.database import Database
from neural_lab.backends.sqlite.disputes import SEEN, read_dispute
from neural_lab.backends.sqlite.values import possible
from neural_lab.dispute import QUARANTINED, Counts, Decision, Dispute, State, decided

# Literal, so that the index of those is used.
AGREED = f"{SEEN} where training_consented > ''"
IN_STATE = f"{AGREED} and state = ? order by id limit ?"
ONE = f"{AGREED} and id = ?"
DECIDE = "update dispute set state = ?, reviewed = ?, reviewer = ?, review_note = ? where id = ?"
NOTED = "select review_note from dispute where id = ?"
COUNTS = """
select case when training_consented > '' then state else 'private' end as counted, count(*)
from dispute group by counted
"""
ALL = -1


class SqliteReview:
    """A `Review`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def disputes(self, state: State = QUARANTINED, most: int = 50) -> list[Dispute]:
        """The oldest first, each with its owner."""
        return self._found(IN_STATE, (state, max(most, 0)))

    def dispute(self, number: int) -> Dispute | None:
        return next(iter(self._found(ONE, (possible(number),))), None)

    def decide(self, number: int, decision: Decision, reviewer: int, at: str, note: str = "") -> Dispute:
        """See `dispute.decided`."""
        with self._database.writing() as connection:
            rows = connection.execute(ONE, (possible(number),)).fetchall()
            found = next((read_dispute(row, named=True) for row in rows), None)
            made = decided(found, decision, reviewer, at, note)
            _keep(connection, made)
        return made

    def counts(self) -> Counts:
        with self._database.reading() as connection:
            return Counts(**dict(connection.execute(COUNTS).fetchall()))

    def released(self) -> list[Dispute]:
        """The oldest first."""
        return self._found(IN_STATE, ("accepted", ALL))

    def _found(self, statement: str, values: Sequence[Any]) -> list[Dispute]:
        with self._database.reading() as connection:
            return [read_dispute(row, named=True) for row in connection.execute(statement, values)]


def _keep(connection: sqlite3.Connection, made: Dispute) -> None:
    (before,) = connection.execute(NOTED, (made.id,)).fetchone()
    if before is not None:
        texts.empty(connection, [before])
        wiping.note(connection)
    note = texts.put(connection, made.review_note)
    connection.execute(DECIDE, (made.state, made.reviewed, made.reviewer, note, made.id))
