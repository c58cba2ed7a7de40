"""A PostgreSQL database: a pool of connections behind a synchronous face."""

import asyncio
from collections.abc import Awaitable, Callable
from functools import cache
from pathlib import Path
from typing import TypeAlias, TypeVar

import asyncpg

from neural_lab.backends.postgres.loop import Loop

CONNECTIONS = 8
CONNECT_SECONDS, STATEMENT_SECONDS, BULK_SECONDS, PING_SECONDS = 10, 60, 24 * 3600, 5
CLOSE_SECONDS = 10
# Every statement here can use an index. Statistics may be missing or old, as after an import, and the planner
# knows nothing of what it costs to fetch texts that are stored out of line; so it is not left to its guesses.
SETTINGS = {
    "application_name": "neural-lab",
    "enable_seqscan": "off",
    "random_page_cost": "1.1",
    "jit": "off",
    "plan_cache_mode": "force_custom_plan",
}

Row: TypeAlias = asyncpg.Record
Connection: TypeAlias = asyncpg.Connection
Result = TypeVar("Result")


@cache
def statement(name: str) -> str:
    """The text of a statement kept beside this file."""
    return (Path(__file__).parent / "sql" / f"{name}.sql").read_text("utf-8")


class Database:
    """Every method may be called from any thread, and raises `StoreUnavailable`."""

    def __init__(self, url: str) -> None:
        self._loop = Loop()
        try:
            self._pool = self._loop.run(_opened(url))
        except BaseException:
            self._loop.close()
            raise

    def rows(self, query: str, *values: object) -> list[Row]:
        """What one statement returns."""
        return self._loop.run(self._rows(query, values))

    def transaction(self, work: Callable[[Connection], Awaitable[Result]]) -> Result:
        """Do all of `work`, or nothing of it."""
        return self._loop.run(self._transaction(work))

    def ping(self) -> None:
        """Read a row, if there is a connection for it and an answer, each within `PING_SECONDS`."""
        self._loop.run(self._ping())

    def wipe(self, *tables: str) -> None:
        """Take deleted rows out of tables and indexes; this reads all of the indexes.

        Rows that a transaction still sees, which began before their deletion, go with
        a later vacuum. Bytes may stay in free parts of pages until those are written
        again, in the write-ahead log until it is recycled, and in backups: only
        `VACUUM FULL`, time and whoever keeps the backups end that.
        """
        self._loop.run(self._vacuum("INDEX_CLEANUP ON", tables))

    def settle(self, table: str) -> None:
        """Mark pages whose rows everybody can see, so that indexes are read without them."""
        self._loop.run(self._vacuum("SKIP_LOCKED", (table,)))

    def close(self) -> None:
        """Wait a little for what still runs, then end it. A second time does nothing."""
        if not self._loop.closed:
            try:
                self._loop.run(_closed(self._pool))
            finally:
                self._loop.close()

    async def _rows(self, query: str, values: tuple[object, ...]) -> list[Row]:
        async with self._pool.acquire() as connection:
            return [*await connection.fetch(query, *values)]

    async def _ping(self) -> None:
        async with self._pool.acquire(timeout=PING_SECONDS) as connection:
            try:
                await connection.fetch(statement("ping"), timeout=PING_SECONDS)
            except TimeoutError:
                # Otherwise the pool would wait for an answer before it takes the connection back.
                connection.terminate()
                raise

    async def _transaction(self, work: Callable[[Connection], Awaitable[Result]]) -> Result:
        async with self._pool.acquire() as connection, connection.transaction():
            return await work(connection)

    async def _vacuum(self, option: str, tables: tuple[str, ...]) -> None:
        async with self._pool.acquire() as connection:
            await connection.execute(f"VACUUM ({option}) {', '.join(tables)}", timeout=BULK_SECONDS)


async def _opened(url: str) -> asyncpg.Pool:
    return await asyncpg.create_pool(
        url,
        min_size=1,
        max_size=CONNECTIONS,
        timeout=CONNECT_SECONDS,
        command_timeout=STATEMENT_SECONDS,
        server_settings=SETTINGS,
    )


async def _closed(pool: asyncpg.Pool) -> None:
    try:
        async with asyncio.timeout(CLOSE_SECONDS):
            await pool.close()
    except TimeoutError:
        pool.terminate()
