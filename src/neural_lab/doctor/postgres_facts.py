"""What is asked of a PostgreSQL database: versions, extension, indexes, and how statements are planned."""

from __future__ import annotations

import asyncio
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from neural_lab.backends.postgres.database import Connection

SECONDS = 4.0
EXTENSION = "SELECT installed_version IS NOT NULL FROM pg_available_extensions WHERE name = 'pg_trgm'"
INDEXES = """
SELECT c.relname AS name, i.indisvalid AND i.indisready AND i.indislive AS whole
FROM pg_index AS i JOIN pg_class AS c ON c.oid = i.indexrelid
WHERE pg_table_is_visible(c.oid) AND c.relnamespace <> 'pg_catalog'::regnamespace
"""
WORDS = "%lighthouse keeper%"
ASKED: dict[str, tuple[str, tuple[object, ...]]] = {
    "search_sources": ("source_words", (1, WORDS, 50)),
    "search_entries": ("entry_words", (1, WORDS, 50)),
    "recall": ("fingerprint_hash", (1, [1, 2], [0, 1], 65, 0, None)),
}
"""Statements, the index each has to go by, and values to plan it with."""


@dataclass
class Facts:
    """`extension` is None where the server has none to install, `schema` where no tables are made yet."""

    server: tuple[int, int] = (0, 0)
    unicode: bool = True
    extension: bool | None = None
    schema: str | None = None
    indexes: dict[str, bool] = field(default_factory=dict)
    used: dict[str, set[str]] = field(default_factory=dict)

    @property
    def current(self) -> bool:
        """Whether the tables are those that this code knows."""
        from neural_lab.backends.postgres.schema import VERSIONS

        return self.schema == VERSIONS[-1]


async def gathered(url: str) -> Facts:
    """Reads alone; raises what asyncpg raises, and `TimeoutError` after `SECONDS`."""
    async with asyncio.timeout(SECONDS):
        connection = await _connected(url)
        try:
            return await _asked(connection)
        finally:
            connection.terminate()


async def _connected(url: str) -> Connection:
    import asyncpg

    from neural_lab.backends.postgres.database import SETTINGS
    from neural_lab.backends.postgres.failures import WRONG_URL
    from neural_lab.errors import StoreUnavailable

    settings = SETTINGS | {"default_transaction_read_only": "on"}
    try:
        return await asyncpg.connect(url, timeout=SECONDS, command_timeout=SECONDS, server_settings=settings)
    except ValueError:
        # Without its cause, which may quote a password.
        raise StoreUnavailable(*WRONG_URL) from None


async def _asked(connection: Connection) -> Facts:
    from neural_lab.backends.postgres.database import statement

    version = connection.get_server_version()
    facts = Facts((version.major, version.micro))  # As it is called since 10: 15.4 is 15, 0, 4.
    facts.unicode = await connection.fetchval(statement("check_encoding"))
    facts.extension = await connection.fetchval(EXTENSION)
    if await connection.fetchval(statement("is_migrated")):
        facts.schema = str(await connection.fetchval(statement("version")))
        facts.indexes = {row["name"]: row["whole"] for row in await connection.fetch(INDEXES)}
    if facts.current:
        facts.used = {name: await _planned(connection, name) for name in ASKED}
    return facts


async def _planned(connection: Connection, name: str) -> set[str]:
    """The indexes that a statement goes by; it is planned and not run."""
    from neural_lab.backends.postgres.database import statement

    plan = await connection.fetchval(f"EXPLAIN (FORMAT JSON) {statement(name)}", *ASKED[name][1])
    return {*re.findall(r'"Index Name": "(\w+)"', plan)}
