"""The rows of fingerprints: put in a small table first, recalled from both, and found again to be deleted.

Hashes are spread evenly, so that a batch of texts touches every page of the table it
goes into. In a library of hundreds of megabytes that would write the whole of it for
every few megabytes added; as it is, the large table is written once for many batches.
"""

import sqlite3
from collections.abc import Iterable, Sequence
from itertools import pairwise

from neural_lab.audit.postings import Row, sampled
from neural_lab.backends.sqlite.values import listed

MOST_FRESH = 1_500_000
"""More rows than these, some sixty megabytes, are moved to the large table."""
ADD = "insert into fresh (owner, hash, source, seeds) values (?, ?, ?, ?)"
FRESH = "select coalesce(sum(fingerprints), 0) from source where id > (select source from settled)"
SETTLE = (
    "insert into fingerprint select owner, hash, source, seeds from fresh order by owner, hash, source",
    "delete from fresh",
    "update settled set source = (select max(id) from source)",
)
# In each table one descent of the primary key for a hash, and one to find where its rows go beyond the limit.
_FROM_ONE = """
select asked.key, found.source, found.seeds
from json_each(:hashes) as asked
cross join {table} as found on found.owner = :owner and found.hash = asked.value
and found.source <> :without{among}
and found.source <= coalesce((
    select found.source from {table} as found where found.owner = :owner and found.hash = asked.value
    and found.source <> :without{among}
    order by found.source limit 1 offset :most
), 9223372036854775807)
"""
_AMONG = " and found.source in (select value from json_each(:among))"


def _recall(among: str) -> str:
    return "union all".join(_FROM_ONE.format(table=table, among=among) for table in ("fingerprint", "fresh"))


RECALL, RECALL_AMONG = _recall(""), _recall(_AMONG)
DROP = (
    "delete from fingerprint where owner = ? and hash = ? and source = ?",
    "delete from fresh where owner = ? and hash = ? and source = ?",
)
DROP_ALL = (
    "delete from fingerprint where owner = ? and source in (select value from json_each(?))",
    "delete from fresh where owner = ? and source in (select value from json_each(?))",
)

Stored = tuple[int, int, int, bytes]
"""Owner, hash, source, and packed seeds."""
Key = tuple[int, int, int]


def add(connection: sqlite3.Connection, rows: Iterable[Stored]) -> None:
    """Store rows of sources that are stored already."""
    # In the order of the key, so that a page is written once and not for every hash on it.
    connection.executemany(ADD, sorted(rows))
    if connection.execute(FRESH).fetchone()[0] > MOST_FRESH:
        for statement in SETTLE:
            connection.execute(statement)


def limited(rows: list[Row]) -> list[Row]:
    """Rows of both tables in order, of hashes that have too many samples alone."""
    ordered = sorted(rows)
    numbers = [row[0] for row in ordered]
    starts = [at for at, number in enumerate(numbers) if not at or number != numbers[at - 1]]
    return [row for first, last in pairwise([*starts, len(ordered)]) for row in sampled(ordered[first:last])]


def drop(connection: sqlite3.Connection, keys: Iterable[Key]) -> int:
    """Delete rows, and say how many there were."""
    ordered = sorted(keys)
    return sum(connection.executemany(statement, ordered).rowcount for statement in DROP)


def drop_all(connection: sqlite3.Connection, owner: int, sources: Sequence[int]) -> None:
    """Delete all rows of sources by looking at all there are, since no second index leads to them."""
    for statement in DROP_ALL:
        connection.execute(statement, (owner, listed(sources)))
