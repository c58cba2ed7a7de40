"""What PostgreSQL promises of users and jobs beyond what every store does: plans, dead rows, answering."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import closing, suppress
from itertools import count
from urllib.parse import urlsplit

import pytest
from helpers import needed
from postgres_server import database, fetch, run

from neural_lab.audit.source import Incoming
from neural_lab.entry import Entry
from neural_lab.errors import StoreUnavailable
from neural_lab.event import Event

asyncpg = needed("asyncpg")
needed("alembic")

from neural_lab.backends.postgres.database import SETTINGS, statement
from neural_lab.backends.postgres.store import PostgresStore

NOW, LEASE = "2026-02-03T04:05:06Z", "2026-02-03T04:06:00Z"
TEXT = "The river ran slowly past the mill and nobody saw it go. " * 50
EVENT = Event(NOW, "POST /v1/detect", 200, 1.5, 10, None, None, "", "", "")


@pytest.fixture
def url() -> Iterator[str]:
    with database() as made:
        yield made


@pytest.fixture
def store(url: str) -> Iterator[PostgresStore]:
    with closing(PostgresStore(url, lambda: NOW)) as opened:
        yield opened


@pytest.fixture(scope="module")
def large() -> Iterator[str]:
    """2,000 jobs that have ended and one that waits, 2,000 users, sessions and events."""
    with database() as made, closing(PostgresStore(made, lambda: NOW)) as opened:
        opened.jobs("me").add("check", "")
        for table, columns, values in (
            ("job", "owner, kind, payload, created, state, updated", "1, '', '', '', 'done', n"),
            (
                "account",
                "name, password, created, name_sha256, admin",
                "n, '', '', sha256(n::text::bytea), false",
            ),
            ("session", "digest, account, expires", "sha256(n::text::bytea), n, n"),
        ):
            query = f"INSERT INTO {table} ({columns}) SELECT {values} FROM generate_series(1, 2000) AS n"
            run(fetch(made, query))
        opened.events().record([EVENT] * 2000)
        yield made


PLANS: dict[str, tuple[tuple[object, ...], str]] = {
    "claim": (("worker", NOW, LEASE), "job_waiting"),
    "jobs": ((1, 50), "job_number"),
    "added_once": ((1, "key"), "job_owner_once_sha256_key"),
    "account_named": (("me",), "account_name_sha256_key"),
    "session": ((b"digest", NOW), "session_pkey"),
    "events": ((NOW, LEASE, 50), "event_at"),
}


@pytest.mark.parametrize("name", [*PLANS])
def test_statements_use_indexes(large: str, name: str) -> None:
    values, index = PLANS[name]
    found = plan(large, name, *values)
    assert index in found
    assert "Seq Scan" not in found


def plan(url: str, name: str, *values: object) -> str:
    async def explained() -> str:
        connection = await asyncpg.connect(url, server_settings=SETTINGS)
        try:
            return "\n".join(row[0] for row in await connection.fetch(f"EXPLAIN {statement(name)}", *values))
        finally:
            await connection.close()

    return run(explained())


def test_a_beat_leaves_the_indexes_alone(url: str) -> None:
    moments = count()
    store = PostgresStore(url, lambda: f"2026-02-03T04:05:{next(moments):02}Z")
    job, _ = store.jobs("me").add("check", TEXT)
    store.queue().claim("worker", NOW, LEASE)
    for done in range(20):
        assert store.queue().beat(job.id, "worker", done, 20, f"{LEASE}{done}")
    # The server counts when a connection has nothing to do for a while, or ends.
    store.close()
    deadline = time.monotonic() + 10
    while (counts := run(fetch(url, UPDATES))) is None and time.monotonic() < deadline:
        time.sleep(0.1)
    updates, without_indexes = counts
    assert updates - without_indexes <= 1


UPDATES = """
SELECT (n_tup_upd, n_tup_hot_upd) FROM pg_stat_user_tables WHERE relname = 'job' AND n_tup_upd >= 21
"""


def test_what_was_to_be_done_goes_when_a_job_ends(store: PostgresStore, url: str) -> None:
    (finished, _), (cancelled, _) = (store.jobs("me").add("check", TEXT, f"key {n}") for n in range(2))
    store.queue().claim("worker", NOW, LEASE)
    assert run(fetch(url, "SELECT max(payload) FROM job")) == TEXT
    store.queue().finish(finished.id, "worker", "{}")
    store.jobs("me").cancel(cancelled.id)
    assert run(fetch(url, "SELECT max(payload) FROM job")) == ""


def test_deleted_rows_leave_the_tables(store: PostgresStore, url: str) -> None:
    accounts, jobs = store.accounts(), store.jobs("me")
    for number in range(20):
        user = accounts.add_user(f"{TEXT}{number}", "hash")
        accounts.add_key(user.id, bytes([number]), TEXT, frozenset())
        accounts.open_session(user.id, bytes([number]), LEASE)
        job, _ = jobs.add("check", f"{TEXT}{number}")
        jobs.cancel(job.id)
        if number % 2:
            jobs.remove(job.id)
        accounts.remove_user(user.id)
    store.queue().expire("9999")
    assert sizes(url, "account", "account_key", "session", "job") == [0] * 4


def test_forgotten_rows_leave_the_tables(store: PostgresStore, url: str) -> None:
    store.library("me").add([Incoming(f"{TEXT}{number}") for number in range(20)])
    store.history("me").keep([Entry("check", NOW, "", "", TEXT, "", "", None, None, "{}", "{}")] * 20)
    store.jobs("me").add("check", TEXT)
    store.forget("me")
    assert sizes(url, "source", "fingerprint", "entry", "job") == [0] * 4
    assert run(fetch(url, "SELECT count(*) FROM part")) == 0


def sizes(url: str, *tables: str) -> list[int]:
    query = "SELECT tuple_len + dead_tuple_len FROM pgstattuple('{}')"
    run(fetch(url, "CREATE EXTENSION pgstattuple"))
    return [run(fetch(url, query.format(name))) for name in tables]


def test_a_session_that_is_opened_passes_over_what_others_delete(store: PostgresStore, url: str) -> None:
    accounts = store.accounts()
    number = accounts.add_user("me", "hash").id
    accounts.open_session(number, b"old", "2026-01-01T00:00:00Z")

    async def work() -> None:
        connection = await asyncpg.connect(url)
        transaction = connection.transaction()
        await transaction.start()
        await connection.execute("DELETE FROM session")
        started = time.monotonic()
        other = threading.Thread(target=accounts.open_session, args=(number, b"new", LEASE))
        other.start()
        other.join(10)
        assert time.monotonic() - started < 5
        await transaction.rollback()
        await connection.close()

    run(work())
    assert accounts.session(b"new", NOW) is not None


def test_a_closed_store_does_not_answer(store: PostgresStore) -> None:
    store.ping()
    store.close()
    with pytest.raises(StoreUnavailable) as failure:
        store.ping()
    assert failure.value.code == "store_closed"


def test_a_server_that_falls_silent_does_not_answer(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("neural_lab.backends.postgres.database.PING_SECONDS", 0.5)
    with Wire(url) as wire, closing(PostgresStore(wire.url)) as store:
        store.ping()
        wire.silent = True
        started = time.monotonic()
        with pytest.raises(StoreUnavailable) as failure:
            store.ping()
        assert failure.value.code == "store_unreachable"
        assert time.monotonic() - started < 5
        wire.silent = False
        store.ping()


class Wire:
    """Stands between a store and the server, and passes on what they say until it is silent."""

    def __init__(self, url: str) -> None:
        parts = urlsplit(url)
        self._server, self.silent = (parts.hostname, parts.port or 5432), False
        self._listening, self._ends = socket.create_server(("127.0.0.1", 0)), list[socket.socket]()
        port = self._listening.getsockname()[1]
        user = f"{parts.username}:{parts.password}" if parts.password else parts.username
        self.url = parts._replace(netloc=f"{user}@127.0.0.1:{port}").geturl()

    def __enter__(self) -> Wire:
        threading.Thread(target=self._accept, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        for end in (self._listening, *self._ends):
            end.close()

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                near, far = self._listening.accept()[0], socket.create_connection(self._server)
                self._ends += near, far
                for ends in ((near, far), (far, near)):
                    threading.Thread(target=self._pass_on, args=ends, daemon=True).start()

    def _pass_on(self, source: socket.socket, target: socket.socket) -> None:
        with suppress(OSError):
            while data := source.recv(65536):
                while self.silent:
                    time.sleep(0.01)
                target.sendall(data)
            target.shutdown(socket.SHUT_WR)
