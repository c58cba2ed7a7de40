"""The drafts of one owner in SQLite."""

import sqlite3
from collections.abc import Sequence
from typing import Any

from neural_lab.backends.memory_trail import missing
from neural_lab.backends.packed_text import pack, unpack
from neural_lab.backends.sqlite import texts
from neural_lab.backends.sqlite.owner import Owner
from neural_lab.backends.sqlite.values import read
from neural_lab.trail import Draft, Snapshot, check_room, content, following

KNOWN = "select id, title from draft where owner = ? and name = ?"
HELD = "select count(*), coalesce(sum(bytes), 0) from draft where owner = ?"
BEGIN = "insert into draft (owner, name) values (?, ?)"
GROW = "update draft set bytes = bytes + ? where id = ?"
TITLE = """
select title, coalesce(kept_text.text, x'') from draft left join kept_text on kept_text.id = title
where draft.id = ?
"""
ENTITLE = "update draft set title = ? where id = ?"
LAST = """
select seq, at, characters, text_sha256, previous, digest
from snapshot where draft = ? order by seq desc limit 1
"""
ADD = """
insert into snapshot (draft, seq, at, characters, text_sha256, previous, digest, text)
values (?, ?, ?, ?, ?, ?, ?, ?)
"""
DRAFTS = """
select name, title, created, updated, seq, characters, digest from draft_seen
where owner = :owner order by updated desc, id desc
"""
DRAFT = """
select name, title, created, updated, seq, characters, digest from draft_seen
where owner = :owner and name = :name
"""
SNAPSHOTS = """
select seq, at, characters, text_sha256, previous, digest
from draft join snapshot on snapshot.draft = draft.id
where owner = :owner and name = :name order by seq
"""
TEXT = """
select kept_text.text
from draft join snapshot on snapshot.draft = draft.id join kept_text on kept_text.id = snapshot.text
where owner = :owner and name = :name and seq = :seq
"""
MINE = "select id, title from draft where owner = ?"
TEXTS = "select text from snapshot where draft = ?"
DELETE = "delete from draft where id = ?"
FURTHEST = 2**63 - 1

Held = tuple[int, int | None]
"""The numbers of a draft and of its title."""


class SqliteTrail:
    """A `Trail`; a title that was changed leaves the files when something is deleted."""

    def __init__(self, owner: Owner) -> None:
        self._owner = owner

    def append(self, draft: str, title: str, text: str, at: str) -> Snapshot:
        """A new snapshot, or the last if the text is the same. Raises `InvalidRequest` without room."""
        packed = pack(text)
        with self._owner.writing() as (connection, owner):
            number, last = _begun(connection, owner, draft)
            if last is None or last.text_sha256 != content(text):
                drafts, held = connection.execute(HELD, (owner,)).fetchone()
                # The draft itself is among them by now.
                check_room(last, drafts - (last is None), held, len(packed))
                last = following(last, text, at)
                _add(connection, number, last, packed)
            _entitle(connection, number, title)
            return last

    def drafts(self) -> list[Draft]:
        """Those that went on last come first."""
        return [_draft(row) for row in self._owner.rows(DRAFTS)]

    def draft(self, draft: str) -> Draft:
        """Raises `NotFound`."""
        return _draft(self._first(DRAFT, name=draft))

    def snapshots(self, draft: str) -> list[Snapshot]:
        """All of a draft, in order. Raises `NotFound`."""
        rows = self._owner.rows(SNAPSHOTS, name=draft)
        if not rows:
            raise missing()
        return [Snapshot(*row) for row in rows]

    def text(self, draft: str, seq: int) -> str:
        """The text of one snapshot. Raises `NotFound`."""
        return unpack(self._first(TEXT, name=draft, seq=min(max(seq, 0), FURTHEST))[0])

    def delete(self, draft: str) -> bool:
        """Delete a draft; see `Database.deleting`."""
        with self._owner.deleting() as (connection, owner):
            return bool(drop(connection, connection.execute(KNOWN, (owner, draft)).fetchall()))

    def purge(self) -> int:
        """Delete all drafts likewise."""
        with self._owner.deleting() as (connection, owner):
            return drop(connection, connection.execute(MINE, (owner,)).fetchall())

    def _first(self, statement: str, **values: object) -> Any:
        for row in self._owner.rows(statement, **values):
            return row
        raise missing()


def drop(connection: sqlite3.Connection, drafts: Sequence[Held]) -> int:
    """Delete drafts, and say how many there were."""
    for number, title in drafts:
        texts.empty(connection, [title, *(text for (text,) in connection.execute(TEXTS, (number,)))])
    connection.executemany(DELETE, [draft[:1] for draft in drafts])
    return len(drafts)


def _begun(connection: sqlite3.Connection, owner: int, draft: str) -> tuple[int, Snapshot | None]:
    """The number of a draft that is there from now on, and its last snapshot."""
    known = connection.execute(KNOWN, (owner, draft)).fetchone()
    number = int(known[0] if known else connection.execute(BEGIN, (owner, draft)).lastrowid or 0)
    row = connection.execute(LAST, (number,)).fetchone()
    return number, Snapshot(*row) if row else None


def _add(connection: sqlite3.Connection, number: int, snapshot: Snapshot, packed: bytes) -> None:
    kept = texts.put_packed(connection, packed)
    chained = snapshot.text_sha256, snapshot.previous, snapshot.digest
    connection.execute(ADD, (number, snapshot.seq, snapshot.at, snapshot.characters, *chained, kept))
    connection.execute(GROW, (len(packed), number))


def _entitle(connection: sqlite3.Connection, number: int, title: str) -> None:
    """Give a draft a title, if it has another one."""
    ((held, known),) = connection.execute(TITLE, (number,))
    if read(known) != title:
        texts.empty(connection, [held])
        connection.execute(ENTITLE, (texts.put(connection, title), number))


def _draft(row: Sequence[Any]) -> Draft:
    name, title, *rest = row
    return Draft(name, read(title), *rest)
