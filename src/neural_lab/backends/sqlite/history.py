"""The reports of one owner in SQLite."""

import sqlite3
from collections.abc import Sequence
from dataclasses import replace
from itertools import islice
from typing import Any

from neural_lab.backends.memory_history import missing
from neural_lab.backends.searching import holds, wanted
from neural_lab.backends.sqlite.owner import Owner
from neural_lab.backends.sqlite.values import listed, read, written
from neural_lab.backends.sqlite.words import MERGE_ENTRIES, query, write
from neural_lab.entry import Entry

ADD = """
insert into entry (owner, kind, title, path, detector, verdict, settings, created, probability, coverage)
values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
"""
ADD_TEXT = "insert into entry_text (entry, text, report) values (?, ?, ?)"
ADD_WORDS = "insert into entry_words (rowid, title, path, text) values (?, ?, ?, ?)"
NEWEST = """
select id, kind, title, path, detector, verdict, settings, created, probability, coverage
from entry where owner = :owner and id < :before order by id desc limit :most
"""
ONE = """
select id, kind, title, path, detector, verdict, settings, created, probability, coverage, text, report
from entry join entry_text on entry = id
where +owner = :owner and id in (select value from json_each(:numbers))
"""
SEARCH = """
select entry.id, kind, entry.title, entry.path, detector, verdict, settings, created, probability, coverage,
    kept.text, report
from entry_words
cross join entry on entry.id = entry_words.rowid and entry.owner = :owner
cross join entry_text as kept on kept.entry = entry.id
where entry_words match :query order by entry_words.rowid desc
"""
MINE = "select id, title, path, text from entry join entry_text on entry = id where owner = :owner"
CHOSEN = """
select id, title, path, text from entry join entry_text on entry = id
where +owner = :owner and id in (select value from json_each(:numbers))
"""
OLDER = """
select id, title, path, text from entry join entry_text on entry = id
where owner = :owner and created < :before
"""
DROP_WORDS = "insert into entry_words (entry_words, rowid, title, path, text) values ('delete', ?, ?, ?, ?)"
EMPTY = """
update entry set owner = null, kind = x'', created = '', title = x'', path = x'', detector = x'',
    verdict = x'', probability = null, coverage = null, settings = x''
where id = ?
"""
EMPTY_TEXT = "update entry_text set text = x'', report = x'' where entry = ?"
FURTHEST = 2**63 - 1

Worded = tuple[int, bytes, bytes, bytes]
"""The number of an entry, and its fields in the index of words."""


class SqliteHistory:
    """A `History`."""

    def __init__(self, owner: Owner) -> None:
        self._owner = owner

    def keep(self, entries: Sequence[Entry]) -> list[int]:
        """Store entries in one transaction and return their numbers."""
        with self._owner.writing() as (connection, owner):
            return keep(connection, owner, entries)

    def entries(self, most: int = 50, before: int | None = None) -> list[Entry]:
        """Newest first, `before` a number, without `text` and `report`."""
        limits = {"most": max(most, 0), "before": FURTHEST if before is None else min(before, FURTHEST)}
        return [_entry(row) for row in self._owner.rows(NEWEST, **limits)]

    def entry(self, number: int) -> Entry:
        """One whole entry. Raises `NotFound`."""
        rows = self._owner.rows(ONE, numbers=listed([number]))
        if not rows:
            raise missing(number)
        return _entry(rows[0])

    def search(self, words: str, most: int = 50) -> list[Entry]:
        """As `entries`, those whose text, title or path contains `words`; raises `InvalidRequest`."""
        folded = wanted(words)
        with self._owner.asked(SEARCH, query=query(folded)) as rows:
            entries = (_entry(row) for row in rows)
            found = (each for each in entries if holds(folded, each.title, each.path, each.text))
            return [replace(each, text="", report="") for each in islice(found, max(most, 0))]

    def delete(self, numbers: Sequence[int]) -> int:
        """Delete entries, and say how many there were; see `Database.deleting`."""
        return self._delete(CHOSEN, numbers=listed(numbers))

    def purge(self) -> int:
        """Delete all entries likewise."""
        return self._delete(MINE)

    def expire(self, before: str) -> int:
        """Delete entries created before a moment likewise; moments are compared as text."""
        return self._delete(OLDER, before=before)

    def _delete(self, which: str, **values: object) -> int:
        with self._owner.deleting() as (connection, owner):
            emptied = empty(connection, connection.execute(which, {"owner": owner, **values}).fetchall())
            if emptied:
                connection.execute(MERGE_ENTRIES)
        return emptied


def keep(connection: sqlite3.Connection, owner: int, entries: Sequence[Entry]) -> list[int]:
    """Store entries in a transaction that there is already."""
    numbers = [_keep(connection, owner, entry) for entry in entries]
    rows = zip(numbers, ((each.title, each.path, each.text) for each in entries), strict=True)
    write(connection, ADD_WORDS, rows)
    return numbers


def empty(connection: sqlite3.Connection, rows: Sequence[Worded]) -> int:
    """Empty entries, and say how many there were; the index forgets when merged."""
    write(connection, DROP_WORDS, ((number, map(read, fields)) for number, *fields in rows))
    connection.executemany(EMPTY, [row[:1] for row in rows])
    connection.executemany(EMPTY_TEXT, [row[:1] for row in rows])
    return len(rows)


def _keep(connection: sqlite3.Connection, owner: int, entry: Entry) -> int:
    given = entry.kind, entry.title, entry.path, entry.detector, entry.verdict, entry.settings
    values = owner, *map(written, given), entry.created, entry.probability, entry.coverage
    number = connection.execute(ADD, values).lastrowid
    connection.execute(ADD_TEXT, (number, written(entry.text), written(entry.report)))
    return int(number or 0)


def _entry(row: Sequence[Any]) -> Entry:
    """From the columns, and text and report if they follow."""
    kind, title, path, detector, verdict, settings = map(read, row[1:7])
    created, probability, coverage = row[7:10]
    text, report = map(read, row[10:]) if row[10:] else ("", "")
    listed = (kind, created, title, path, text, detector, verdict, probability, coverage, settings, report)
    return Entry(*listed, id=row[0])
