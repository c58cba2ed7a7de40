"""The disputes of one owner in SQLite."""

import json
import sqlite3
from collections.abc import Sequence
from typing import Any

from neural_lab.backends.sqlite import texts
from neural_lab.backends.sqlite.owner import Owner
from neural_lab.backends.sqlite.values import possible, read
from neural_lab.dispute import Dispute, check_room, filed
from neural_lab.types import Span

ADD = """
insert into dispute
(owner, created, consented, text_sha256, span_start, span_end, probability, words, training_consented)
values (?, ?, ?, ?, ?, ?, ?, ?, ?)
"""
COUNT = "select count(*) from dispute where owner = ?"
SEEN = """
select
    id, created, consented, text_sha256, span_start, span_end, probability, words,
    training_consented, state, reviewed, reviewer, review_note, name
from dispute_seen
"""
NEWEST = f"{SEEN} where owner = :owner order by id desc limit :most"
FIND = f"{SEEN} where +owner = ? and id = ?"
ONE = "select id, words, review_note from dispute where +owner = ? and id = ?"
CONSENT = "update dispute set training_consented = ? where +owner = ? and id = ?"
DELETE = "delete from dispute where id = ?"
WORDS = ("title", "passage", "detector", "version", "claim", "note")

Held = tuple[int, int, int | None]
"""The numbers of a dispute, of its words, and of the note of its reviewer."""


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
            kept = texts.put(connection, words), dispute.training_consented
            row = owner, *moments, dispute.text_sha256, *span, dispute.probability, *kept
            return filed(dispute, int(connection.execute(ADD, row).lastrowid or 0))

    def disputes(self, most: int = 50) -> list[Dispute]:
        """The newest first."""
        return [read_dispute(row) for row in self._owner.rows(NEWEST, most=max(most, 0))]

    def withdraw(self, number: int) -> bool:
        """Delete a dispute; see `Database.deleting`."""
        with self._owner.deleting() as (connection, owner):
            return bool(drop(connection, connection.execute(ONE, (owner, possible(number))).fetchall()))

    def consent(self, number: int, moment: str) -> Dispute | None:
        """Agree to training at a moment, or, with "", no longer."""
        with self._owner.writing() as (connection, owner):
            asked = owner, possible(number)
            connection.execute(CONSENT, (moment, *asked))
            return next(map(read_dispute, connection.execute(FIND, asked).fetchall()), None)


def drop(connection: sqlite3.Connection, disputes: Sequence[Held]) -> int:
    """Delete disputes, and say how many there were."""
    texts.empty(connection, [kept for _, *words in disputes for kept in words])
    connection.executemany(DELETE, [(number,) for number, *_ in disputes])
    return len(disputes)


def read_dispute(row: Sequence[Any], named: bool = False) -> Dispute:
    """A row of `SEEN`; `named` with its owner."""
    number, created, consented, sha256, start, end, probability, words, *decided = row
    trained, state, reviewed, reviewer, note, owner = decided
    known: dict[str, Any] = {"created": created, "consented": consented, "text_sha256": sha256}
    known |= {"probability": probability, "training_consented": trained}
    known |= {"state": state, "reviewed": reviewed, "reviewer": reviewer}
    known |= {"review_note": read(note), "owner": read(owner) if named else ""}
    return Dispute(**known, **json.loads(read(words)), span=Span(start, end), id=number)
