"""Texts that change, or go in another order than they came; 0002.sql says why they are apart."""

import sqlite3
from collections.abc import Iterable

from neural_lab.backends.sqlite.values import listed, written

ADD = "insert into kept_text (text) values (?)"
EMPTY = "update kept_text set text = x'' where id in (select value from json_each(?))"


def put(connection: sqlite3.Connection, text: str) -> int | None:
    """The number of a text that is kept from now on; none for an empty one."""
    return put_packed(connection, written(text)) if text else None


def put_packed(connection: sqlite3.Connection, packed: bytes) -> int:
    """As `put`, for a text in another form."""
    return int(connection.execute(ADD, (packed,)).lastrowid or 0)


def empty(connection: sqlite3.Connection, numbers: Iterable[int | None]) -> None:
    """Drop texts; `Database.deleting` takes them out of the files."""
    connection.execute(EMPTY, (listed(number for number in numbers if number is not None),))
