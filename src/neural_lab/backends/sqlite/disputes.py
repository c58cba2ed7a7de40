"""The disputes of one owner in SQLite."""

import json
import sqlite3
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from neural_lab.backends.sqlite import texts
from neural_lab.backends.sqlite.owner import Owner
from neural_lab.backends.sqlite.values import possible, read
from neural_lab.dispute import Dispute, check_room
from neural_lab.types import Span

ADD = """
insert into dispute (owner, created, consented, text_sha256, span_start, span_end, probability, words)
values (?, ?, ?, ?, ?, ?, ?, ?)
"""
COUNT = "select count(*) from dispute where owner = ?"
NEWEST = """
select dispute.id, created, consented, text_sha256, span_start, span_end, probability, kept_text.text
from dispute join kept_text on kept_text.id = words
where owner = :owner order by dispute.id desc limit :most
"""
ONE = "select id, words from dispute where +owner = ? and id = ?"
DELETE = "delete from dispute where id = ?"
WORDS = ("title", "passage", "detector", "version", "claim", "note")

Held = tuple[int, int]
"""The numbers of a dispute and of its words."""


class SqliteDisputes:
    """A `Disputes`."""

    def __init__(self, owner: Owner) -> None:
        self._owner = owner

    def add(self, dispute: Dispute) -> Dispute:
        """The dispute with its number. Raises `InvalidRequest` where there are too many."""
        words = json.dumps({name: getattr(dispute, name) for name in WORDS})
        moments, span = (dispute.created, dispute.consented), (dispute.span.start, dispute.span.end)
        with self._owner.writing() as (connection, owner):
            check_room(connection.execute(COUNT, (owner,)).fetchone()[0])
            kept = texts.put(connection, words)
            row = owner, *moments, dispute.text_sha256, *span, dispute.probability, kept
            return replace(dispute, id=int(connection.execute(ADD, row).lastrowid or 0))

    def disputes(self, most: int = 50) -> list[Dispute]:
        """The newest first."""
        return [_dispute(row) for row in self._owner.rows(NEWEST, most=max(most, 0))]

    def withdraw(self, number: int) -> bool:
        """Delete a dispute; see `Database.deleting`."""
        with self._owner.deleting() as (connection, owner):
            return bool(drop(connection, connection.execute(ONE, (owner, possible(number))).fetchall()))


def drop(connection: sqlite3.Connection, disputes: Sequence[Held]) -> int:
    """Delete disputes, and say how many there were."""
    texts.empty(connection, [words for _, words in disputes])
    connection.executemany(DELETE, [(number,) for number, _ in disputes])
    return len(disputes)


def _dispute(row: Sequence[Any]) -> Dispute:
    number, created, consented, sha256, start, end, probability, words = row
    known = {"created": created, "consented": consented, "text_sha256": sha256, "probability": probability}
    return Dispute(**known, **json.loads(read(words)), span=Span(start, end), id=number)
