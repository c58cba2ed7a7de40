"""Everything of one owner, taken out of the tables."""

from neural_lab.backends.postgres.database import BULK_SECONDS, Connection, Database, statement
from neural_lab.backends.postgres.storing import locked

STATEMENTS = ("forget_fingerprints", "forget_parts", "forget_sources", "purge_entries", "forget_jobs")
TABLES = ("fingerprint", "source", "origin", "entry", "job")


def forget(database: Database, owner: int) -> None:
    """Delete all rows of an owner in one transaction, then wipe."""

    async def work(connection: Connection) -> None:
        await locked(connection, owner)
        for name in STATEMENTS:
            await connection.execute(statement(name), owner, timeout=BULK_SECONDS)

    database.transaction(work)
    database.wipe(*TABLES)
