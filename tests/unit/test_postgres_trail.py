"""What PostgreSQL promises of disputes and drafts beyond what every store does: plans, and no dead rows."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing

import pytest
from helpers import needed
from postgres_server import database, fetch, run

asyncpg = needed("asyncpg")
needed("alembic")

from neural_lab.backends.postgres.database import SETTINGS, statement
from neural_lab.backends.postgres.store import PostgresStore
from neural_lab.dispute import Dispute
from neural_lab.preferences import Choices
from neural_lab.types import Span

NOW = "2026-02-03T04:05:06Z"
DISPUTE = Dispute(
    NOW, NOW, "", "ab" * 32, Span(0, 9), "The river", 0.9, "embedded", "1", "human", training_consented=NOW
)
TABLES = ("preference", "dispute", "draft", "snapshot")
COLUMNS = (
    "owner, created, consented, title, text_sha256, span_start, span_end, passage, probability, detector,"
    " version, claim, note, training_consented"
)
HELD = "SELECT tuple_len + dead_tuple_len FROM pgstattuple('{}')"


@pytest.fixture(scope="module")
def large() -> Iterator[str]:
    """2,000 drafts of a snapshot each, 2,000 snapshots of one, and 2,000 disputes."""
    with database() as made, closing(PostgresStore(made, lambda: NOW)) as opened:
        opened.trail("me").append("0", "", "The river", NOW)
        opened.disputes("me").add(DISPUTE)
        snapshot = (
            "INSERT INTO snapshot SELECT 1, {}, {}, at, characters, text_sha256, previous, digest, packed"
        )
        rows = "FROM snapshot, generate_series(2, 2000) AS n WHERE draft = '0' AND seq = 1"
        for query in (
            "INSERT INTO draft (owner, name, title) SELECT 1, n, '' FROM generate_series(2, 2000) AS n",
            f"{snapshot.format('n', 1)} {rows}",
            f"{snapshot.format('0', 'n')} {rows}",
            f"INSERT INTO dispute ({COLUMNS}) SELECT {COLUMNS} FROM dispute, generate_series(2, 2000)",
        ):
            run(fetch(made, query))
        yield made


PLANS: dict[str, tuple[tuple[object, ...], str]] = {
    "preferences": ((1,), "preference_pkey"),
    "disputes": ((1, 50), "dispute_number"),
    "count_disputes": ((1,), "dispute_number"),
    "disputes_to_review": (("accepted", 50), "dispute_to_review"),
    "dispute_to_review": ((7,), "dispute_pkey"),
    "consent_to_training": ((1, 7, NOW), "dispute_"),
    "decide_dispute": ((7, "accepted", NOW, 1, ""), "dispute_pkey"),
    "drafts": ((1, "7"), "draft_pkey"),
    "last_snapshot": ((1, "0"), "snapshot_pkey"),
    "snapshots": ((1, "0"), "snapshot_pkey"),
    "snapshot_text": ((1, "0", 9), "snapshot_pkey"),
    "held_by_drafts": ((1,), "draft_pkey"),
}


@pytest.mark.parametrize("name", [*PLANS])
def test_statements_use_indexes(large: str, name: str) -> None:
    async def explained() -> str:
        connection = await asyncpg.connect(large, server_settings=SETTINGS)
        try:
            return "\n".join(row[0] for row in await connection.fetch(f"EXPLAIN {statement(name)}", *values))
        finally:
            await connection.close()

    values, index = PLANS[name]
    found = run(explained())
    assert index in found
    assert "Seq Scan" not in found


def test_forgotten_rows_leave_the_tables() -> None:
    with database() as url, closing(PostgresStore(url, lambda: NOW)) as store:
        run(fetch(url, "CREATE EXTENSION pgstattuple"))
        store.preferences("me").put(Choices())
        added = store.disputes("me").add(DISPUTE)
        store.review().decide(added.id, "accepted", 1, NOW, "The river")
        for text in ("The river", "The river ran"):
            store.trail("me").append("0", text, text, NOW)
        assert all(held(url, name) for name in TABLES)
        store.forget("me")
        assert not any(held(url, name) for name in TABLES)


def held(url: str, table: str) -> int:
    """Bytes of rows, of deleted ones, too."""
    found: int = run(fetch(url, HELD.format(table)))
    return found
