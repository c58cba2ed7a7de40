"""Where texts came from, written inside a transaction that holds the lock of their owner."""

from collections.abc import Mapping

from neural_lab.backends.postgres.arrivals import Plan
from neural_lab.backends.postgres.database import Connection, statement


async def left(connection: Connection, owner: int, planned: Plan) -> None:
    """Take paths from the sources that they belong to no more, before others get them."""
    gone = [
        (source.id, path)
        for key, source in planned.stored.items()
        for path in source.origins - planned.sources[key].origins
    ]
    if gone:
        await connection.execute(statement("leave_origins"), *map(list, zip(*gone, strict=True)))
    unnamed = [
        source.id for key, source in planned.stored.items() if source.path != planned.sources[key].path
    ]
    if unnamed:
        await connection.execute(statement("unname_sources"), owner, unnamed)


async def joined(connection: Connection, owner: int, planned: Plan, numbers: Mapping[str, int]) -> None:
    """Remember all origins that are not stored yet; `numbers` are those of new sources, by content."""
    new = [(numbers[key], path) for key in planned.kept for path in planned.sources[key].origins]
    new += [
        (source.id, path)
        for key, source in planned.stored.items()
        for path in planned.sources[key].origins - source.origins
    ]
    if new:
        await connection.execute(statement("join_origins"), owner, *map(list, zip(*new, strict=True)))
