"""Everything of one owner, or what all have kept for long enough, taken out of the tables."""

from neural_lab.backends.postgres.database import BULK_SECONDS, Connection, Database, statement
from neural_lab.backends.postgres.escapes import escaped
from neural_lab.backends.postgres.storing import locked

STATEMENTS = (
    *("forget_fingerprints", "forget_parts", "forget_sources", "purge_entries", "forget_jobs"),
    *("forget_preferences", "forget_disputes", "purge_drafts"),
)
TABLES = ("fingerprint", "source", "origin", "entry", "job", "preference", "dispute", "draft", "snapshot")


def forget(database: Database, owner: int) -> None:
    """Delete all rows of an owner in one transaction, then wipe."""

    async def work(connection: Connection) -> None:
        await locked(connection, owner)
        for name in STATEMENTS:
            await connection.execute(statement(name), owner, timeout=BULK_SECONDS)

    database.transaction(work)
    database.wipe(*TABLES)


def expire(database: Database, before: str) -> int:
    """Delete the entries of all owners created before a moment, then wipe, and say how many there were."""

    async def work(connection: Connection) -> int:
        gone = await connection.fetch(statement("expire_all_entries"), escaped(before), timeout=BULK_SECONDS)
        return len(gone)

    count = database.transaction(work)
    if count:
        database.wipe("entry")
    return count
