"""How Alembic reaches the database: over the connection it is given, or on its own from the command line."""

import asyncio

from alembic import context
from sqlalchemy import Connection, text

from neural_lab.backends.postgres.schema import engine

LOCK = 0x4E4C4142
"""Whoever migrates holds this lock until it has committed; others wait and then find nothing to do."""


def migrate(connection: Connection) -> None:
    context.configure(connection=connection)
    with context.begin_transaction():
        connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": LOCK})
        context.run_migrations()


def print_statements() -> None:
    context.configure(dialect_name="postgresql")
    with context.begin_transaction():
        context.run_migrations()


async def connect_and_migrate() -> None:
    async with engine(context.get_x_argument(as_dictionary=True)["url"]).connect() as connection:
        await connection.run_sync(migrate)


if context.is_offline_mode():
    print_statements()
elif "connection" in context.config.attributes:
    migrate(context.config.attributes["connection"])
else:
    asyncio.run(connect_and_migrate())
