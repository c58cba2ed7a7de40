"""A database of an older version, with data in it, is one of the newest version afterwards."""

from __future__ import annotations

import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from io import BytesIO
from pathlib import Path

import postgres_server
import pytest
from helpers import needed

from neural_lab.audit.source import Incoming
from neural_lab.backends.sqlite import migrations
from neural_lab.backends.sqlite.store import SqliteStore
from neural_lab.dispute import Dispute
from neural_lab.entry import Entry
from neural_lab.errors import StoreUnavailable
from neural_lab.job import Claim
from neural_lab.ports import Store
from neural_lab.types import Span

NOW = "2026-02-03T04:05:06Z"
RIVER = "The river ran slowly past the mill and nobody saw it go. \0 \udcff " * 4
ODD = "/odd\0\udcff"
NEWEST = len([*migrations.STEPS.glob("*.sql")])
NAMES = """
SELECT array_agg(attname::text) FROM pg_attribute
WHERE attrelid = to_regclass($1) AND attnum > 0 AND NOT attisdropped
"""
COLUMNS = "select group_concat(name) from pragma_table_info(?)"
ORDINARY = "select name from main.sqlite_master where type = 'table' and sql not like 'create virtual%'"
NUMBERED, OTHERS = (
    ("owner", "source", "entry", "account", "job", "dispute"),
    ("part", "fingerprint", "origin"),
)
GO_ON = "SELECT setval(pg_get_serial_sequence('{0}', 'id'), (SELECT max(id) FROM {0}))"
ENTRY = Entry("check", NOW, "Essay", "/a", RIVER, "embedded 1", "mixed", 0.5, None, "{}", "{}")
DISPUTE = Dispute(NOW, NOW, ODD, "ab" * 32, Span(0, 9), RIVER, 0.9, "embedded", "1", "human", RIVER)


def filled(store: Store, number: int) -> list[object]:
    """What is in a store, after something was added of all that a version knew."""
    for owner in ("me", "you"):
        texts = Incoming(f"{RIVER}{owner}", "River", "/river"), Incoming("short"), Incoming("odd", path=ODD)
        store.library(owner).add(texts)
        store.history(owner).keep([ENTRY])
        if number > 1:
            store.accounts().add_user(f"old {owner}", "hash")
            digest = b"digest" if number > 4 else b""
            store.jobs(owner).cancel(store.jobs(owner).add("check", RIVER, "old", digest)[0].id)
        if number > 4:
            store.disputes(owner).add(DISPUTE)
    return seen(store)


def seen(store: Store) -> list[object]:
    found: list[object] = [store.accounts().users()]
    for owner in ("me", "you"):
        library, history = store.library(owner), store.history(owner)
        numbers = [source.id for source in library.sources()]
        found += [library.sources(), library.texts(numbers), library.stats(), library.search("river")]
        found += [library.added_from(path) for path in ("/river", ODD, "")]
        found += [history.entries(), history.search("essay"), history.entry(history.entries()[0].id)]
        found += [store.jobs(owner).jobs(), store.disputes(owner).disputes()]
    return found


def used(store: Store) -> None:
    """Something of all that came with the second version; what an old job was about is not known."""
    for old in store.jobs("me").jobs():
        assert store.jobs("me").add("check", "other", "old", b"digest") == (old, False)
    number = store.accounts().add_user("me", "hash").id
    store.accounts().open_session(number, b"digest", "9999")
    assert store.accounts().session(b"digest", NOW) is not None
    job, _ = store.jobs("me").add("check", RIVER)
    assert store.queue().claim("worker", NOW, "9999") == Claim(store.jobs("me").job(job.id), RIVER)
    assert store.jobs("me").job(job.id).attempts == 1
    assert store.queue().finish(job.id, "worker", RIVER)
    assert store.jobs("me").result(job.id) == RIVER
    assert store.events().between("", "9999") == []
    store.ping()


def moved(store: Store) -> None:
    """Paths from before the third version go to other texts, one that had a path and one that had none."""
    library = store.library("me")
    river, short, odd = (source.id for source in library.sources())
    assert [library.added_from(path) for path in ("/river", ODD)] == [river, odd]
    assert library.add([Incoming("odd", path="/river"), Incoming("short", path=ODD)]) == [None, None]
    assert [source.id for source in library.sources()] == [short, odd]
    assert [library.added_from(path) for path in ("/river", ODD)] == [odd, short]
    (new,) = library.add([Incoming("new", path=ODD)])
    assert [source.id for source in library.sources()] == [short, odd, new]
    assert [source.path for source in library.sources()] == ["", "", ODD]


def released(store: Store) -> None:
    """Nobody has agreed to what came with the sixth version, nor decided; both can be done by now."""
    mine, review = store.disputes("me"), store.review()
    assert review.disputes() == store.released_disputes() == []
    for old in [*mine.disputes(), mine.add(DISPUTE)]:
        assert (old.training_consented, old.state, old.reviewer) == ("", "quarantined", 0)
        mine.consent(old.id, NOW)
        assert review.decide(old.id, "accepted", 7, NOW, RIVER).review_note == RIVER
    assert len(store.released_disputes()) == len(mine.disputes())


def goes_on(store: Store, before: list[object]) -> None:
    assert seen(store) == before
    released(store)
    used(store)
    moved(store)
    store.forget("you")
    assert store.library("you").sources() == store.history("you").entries() == []
    assert len(store.library("me").sources()) == 3


@pytest.fixture(params=[1, 2, 3, 5])
def older(
    request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> tuple[Path, list[object]]:
    """A file as an older version has written it, and what is in it."""
    with closing(SqliteStore(tmp_path / "new.db", lambda: NOW)) as store:
        before = filled(store, request.param)
    with monkeypatch.context() as patched:
        patched.setattr(migrations, "STEPS", steps_until(request.param, tmp_path / "steps"))
        SqliteStore(tmp_path / "store.db").close()
    with closing(sqlite3.connect(tmp_path / "store.db")) as connection:
        connection.execute("attach ? as new", (str(tmp_path / "new.db"),))
        for (name,) in connection.execute(ORDINARY).fetchall():
            ((columns,),) = connection.execute(COLUMNS, (name,)).fetchall()
            connection.execute(f"delete from main.{name}")
            connection.execute(f"insert into main.{name} select {columns} from new.{name}")
        connection.commit()
    return tmp_path / "store.db", before


def steps_until(number: int, folder: Path) -> Path:
    folder.mkdir()
    for step in sorted(migrations.STEPS.glob("*.sql"))[:number]:
        shutil.copy(step, folder)
    return folder


def version(path: Path) -> tuple[int, list[str]]:
    with closing(sqlite3.connect(path)) as connection:
        names = [row[0] for row in connection.execute("select name from sqlite_master where type = 'table'")]
        return connection.execute("pragma user_version").fetchone()[0], names


def test_an_older_file_is_brought_up_to_date(older: tuple[Path, list[object]]) -> None:
    path, before = older
    assert version(path)[0] < NEWEST
    for _ in range(2):
        with closing(SqliteStore(path, lambda: NOW)) as store:
            assert seen(store) == before
    assert version(path)[0] == NEWEST
    with closing(sqlite3.connect(path)) as connection:
        assert connection.execute("select asked - done from wiping").fetchone() == (0,)
        assert connection.execute("pragma integrity_check").fetchall() == [("ok",)]
    with closing(SqliteStore(path, lambda: NOW)) as store:
        goes_on(store, before)


def test_a_step_that_fails_leaves_the_file_as_it_was(
    older: tuple[Path, list[object]], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path, before = older
    was = version(path)
    steps = steps_until(NEWEST, tmp_path / "broken")
    with (steps / f"{NEWEST:04}.sql").open("a") as step:
        step.write("insert into nowhere values (1);\n")
    with monkeypatch.context() as patched:
        patched.setattr(migrations, "STEPS", steps)
        with pytest.raises(StoreUnavailable):
            SqliteStore(path)
    assert version(path) == was
    with closing(SqliteStore(path, lambda: NOW)) as store:
        goes_on(store, before)


OPEN = """
import sys
from pathlib import Path
from neural_lab.backends.sqlite.store import SqliteStore

SqliteStore(Path(sys.argv[1])).ping()
"""


def test_processes_may_bring_a_file_up_to_date_at_once(older: tuple[Path, list[object]]) -> None:
    path, before = older
    command = [sys.executable, "-c", OPEN, str(path)]
    others = [subprocess.Popen(command, stderr=subprocess.PIPE, text=True) for _ in range(3)]
    assert [other.communicate(timeout=60)[1] for other in others] == [""] * 3
    with closing(SqliteStore(path, lambda: NOW)) as store:
        goes_on(store, before)


@pytest.mark.parametrize("number", [1, 2, 3, 5])
def test_an_older_database_is_brought_up_to_date(number: int) -> None:
    with postgres_server.database() as url:
        opened, before = older_database(url, number)
        with closing(opened()) as store:
            goes_on(store, before)
        noted = postgres_server.run(postgres_server.fetch(url, "SELECT version_num FROM alembic_version"))
    assert noted == f"{NEWEST:04}"


def older_database(url: str, number: int) -> tuple[Callable[[], Store], list[object]]:
    """How to open a database as an older version has filled it, and what is in it."""
    needed("alembic")
    from neural_lab.backends.postgres.schema import MIGRATIONS
    from neural_lab.backends.postgres.store import PostgresStore

    command = [sys.executable, "-m", "alembic", "-c", str(MIGRATIONS / "alembic.ini"), "-x", f"url={url}"]
    subprocess.run([*command, "upgrade", f"{number:04}"], check=True, timeout=60)
    with postgres_server.database() as new:
        with closing(PostgresStore(new, lambda: NOW)) as store:
            before = filled(store, number)
        postgres_server.run(copied(new, url))
    return lambda: PostgresStore(url, lambda: NOW), before


async def copied(new: str, old: str) -> None:
    """Copy rows into the tables and columns that an old database has."""
    import asyncpg

    source, target = [await asyncpg.connect(url, timeout=10) for url in (new, old)]
    for name in NUMBERED + OTHERS:
        if columns := await target.fetchval(NAMES, name):
            rows = BytesIO()
            await source.copy_from_table(name, columns=columns, output=rows, format="binary")
            rows.seek(0)
            await target.copy_to_table(name, columns=columns, source=rows, format="binary")
            if name in NUMBERED:
                await target.execute(GO_ON.format(name))
    await source.close()
    await target.close()
