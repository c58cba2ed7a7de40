"""The index of words: trigrams that lead to what may hold the words searched for."""

import re
import sqlite3
from collections.abc import Iterable

_UNINDEXED = re.compile("[\0\ud800-\udfff]")
MOST_TRIGRAMS = 48
"""More would seldom rule out another text; whatever is found is looked at anyway."""
MERGE_SOURCES = "insert into source_words (source_words) values ('optimize')"
MERGE_ENTRIES = "insert into entry_words (entry_words) values ('optimize')"
"""Write an index anew without what was deleted from it.

FTS5 only marks what is deleted, and lets go of it when all segments are merged. That
takes seconds in a library of hundreds of megabytes, so it is done once for all that is
deleted together.
"""

Words = tuple[int, Iterable[str]]
"""The number of a row, and its fields."""


def indexed(text: str) -> str:
    """As the index sees a text: folded, and a replacement character for what ends a text in SQLite."""
    return _UNINDEXED.sub("\ufffd", text.casefold())


def query(folded: str) -> str:
    """The trigrams of folded words, to be found all of them."""
    text = indexed(folded)
    trigrams = [*dict.fromkeys(text[at : at + 3] for at in range(len(text) - 2))]
    chosen = trigrams[:: -(-len(trigrams) // MOST_TRIGRAMS)]
    return " ".join('"{}"'.format(trigram.replace('"', '""')) for trigram in chosen)


def write(connection: sqlite3.Connection, statement: str, rows: Iterable[Words]) -> None:
    """Run `statement` with number and indexed fields of every row: to insert it, or to delete it again."""
    connection.executemany(statement, ((number, *map(indexed, fields)) for number, fields in rows))
