"""The entries of all owners that have been kept for long enough, taken out of a database file."""

from collections.abc import Sequence

from neural_lab.backends.sqlite import history
from neural_lab.backends.sqlite.database import Database
from neural_lab.backends.sqlite.values import listed
from neural_lab.backends.sqlite.words import MERGE_ENTRIES

AT_ONCE = 100
"""Texts in memory together, and written while others wait."""
OLD = "select id from entry where owner is not null and created < ?"
THESE = """
select id, title, path, text from entry join entry_text on entry = id
where owner is not null and id in (select value from json_each(?))
"""


def expire(database: Database, before: str) -> int:
    """Empty entries created before a moment, in many transactions, and say how many there were.

    What was interrupted is finished when it is done again.
    """
    with database.reading() as connection:
        old = [number for (number,) in connection.execute(OLD, (before,))]
    parts = [old[at : at + AT_ONCE] for at in range(0, len(old), AT_ONCE)]
    return sum(_empty(database, part, last=part is parts[-1]) for part in parts)


def _empty(database: Database, numbers: Sequence[int], last: bool) -> int:
    with database.deleting() as connection:
        emptied = history.empty(connection, connection.execute(THESE, (listed(numbers),)).fetchall())
        if last:
            connection.execute(MERGE_ENTRIES)
    return emptied
