"""Removing sources, inside a transaction that holds the lock of their owner."""

import asyncio
from collections.abc import Sequence

from neural_lab.audit.letters import VERSION
from neural_lab.backends.postgres.arrivals import postings
from neural_lab.backends.postgres.database import BULK_SECONDS, Connection, Row, statement
from neural_lab.backends.postgres.escapes import plain

AT_ONCE = 100
"""Sources whose texts are in memory together."""


async def removed(connection: Connection, owner: int, numbers: Sequence[int]) -> int:
    """Delete sources and their fingerprints, which are found by the hashes of the texts; says how many."""
    count = 0
    for start in range(0, len(numbers), AT_ONCE):
        asked = numbers[start : start + AT_ONCE]
        rows = await connection.fetch(statement("removed"), owner, asked, timeout=BULK_SECONDS)
        await _remove_fingerprints(connection, owner, rows)
        count += len(rows)
    await connection.execute(statement("remove_parts"), owner)
    return count


async def _remove_fingerprints(connection: Connection, owner: int, rows: Sequence[Row]) -> None:
    # Elsewhere, since everybody's statements wait for the thread of the loop.
    keys = await asyncio.to_thread(_keys, rows)
    parts, hashes, sources = ([key[place] for key in keys] for place in range(3))
    await connection.execute(
        statement("remove_fingerprints"), owner, parts, hashes, sources, timeout=BULK_SECONDS
    )
    if old := [row["id"] for row in rows if row["version"] != VERSION]:
        await connection.execute(statement("remove_old_fingerprints"), owner, old, timeout=BULK_SECONDS)


def _keys(rows: Sequence[Row]) -> list[tuple[int, int, int]]:
    return [(row["part"], hash_, row["id"]) for row in rows for hash_ in postings(plain(row["body"]))[0]]
