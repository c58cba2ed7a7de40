"""The tables of a database, brought to the version this code knows."""

from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

import asyncpg

from neural_lab.backends.postgres.database import CONNECT_SECONDS, Connection, statement
from neural_lab.backends.postgres.failures import WRONG_URL
from neural_lab.backends.postgres.loop import Loop
from neural_lab.errors import StoreUnavailable

if TYPE_CHECKING:
    from sqlalchemy.ext.asyncio import AsyncEngine

SCHEMES = ("postgresql://", "postgres://")
MIGRATIONS = Path(__file__).parent / "migrations"
VERSIONS = sorted(path.stem[1:] for path in (MIGRATIONS / "versions").glob("v*.sql"))


def migrate(url: str) -> None:
    """Bring the database up to date; any number of processes may do so at once.

    Raises `StoreUnavailable`, also for a database that newer code has migrated.
    """
    with closing(Loop()) as loop:
        version = loop.run(_version(url))
        if version is not None and version not in VERSIONS:
            raise StoreUnavailable(
                "store_newer", "The database was written by a newer version of Neural Lab: upgrade this one."
            )
        if version != VERSIONS[-1]:
            loop.run(_upgraded(url))


async def _version(url: str) -> str | None:
    """What Alembic noted in the database; asked without Alembic, which takes long to import."""
    connection = await _connected(url)
    try:
        if not await connection.fetchval(statement("check_encoding")):
            raise StoreUnavailable(
                "store_encoding",
                "The database has no Unicode: make it with createdb -T template0 -E UTF8 --locale=C.UTF-8.",
            )
        if await connection.fetchval(statement("is_migrated")):
            return str(await connection.fetchval(statement("version")))
        return None
    finally:
        await connection.close()


async def _connected(url: str) -> Connection:
    # Without a scheme it would be the database that the environment names.
    if not url.startswith(SCHEMES):
        raise StoreUnavailable(*WRONG_URL)
    try:
        return await asyncpg.connect(url, timeout=CONNECT_SECONDS, command_timeout=CONNECT_SECONDS)
    except ValueError:
        raise StoreUnavailable(*WRONG_URL) from None


async def _upgraded(url: str) -> None:
    from alembic import command
    from alembic.config import Config
    from sqlalchemy import Connection as Alchemy
    from sqlalchemy.exc import DBAPIError

    def upgrade(connection: Alchemy) -> None:
        config = Config(attributes={"connection": connection})
        config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
        config.set_main_option("path_separator", "os")
        command.upgrade(config, "head")

    try:
        async with engine(url).connect() as connection:
            await connection.run_sync(upgrade)
    except DBAPIError as error:
        raise (error.orig and error.orig.__cause__) or error from None


def engine(url: str) -> "AsyncEngine":
    """Connections for Alembic, made as all others are."""
    from sqlalchemy.ext.asyncio import create_async_engine
    from sqlalchemy.pool import NullPool

    async def connect() -> Connection:
        return await asyncpg.connect(url, timeout=CONNECT_SECONDS)

    return create_async_engine("postgresql+asyncpg://", async_creator=connect, poolclass=NullPool)
