"""A database of the first version, with data in it, is one of the newest version afterwards."""

from __future__ import annotations

import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import postgres_server
import pytest
from helpers import needed

from neural_lab.audit.source import Incoming
from neural_lab.backends.sqlite import migrations
from neural_lab.backends.sqlite.store import SqliteStore
from neural_lab.entry import Entry
from neural_lab.errors import StoreUnavailable
from neural_lab.ports import Store

NOW = "2026-02-03T04:05:06Z"
RIVER = "The river ran slowly past the mill and nobody saw it go. \0 \udcff " * 4
ENTRY = Entry("check", NOW, "Essay", "/a", RIVER, "embedded 1", "mixed", 0.5, None, "{}", "{}")


def filled(store: Store) -> list[object]:
    """What is in a store, after something was added of all that the first version knew."""
    for owner in ("me", "you"):
        store.library(owner).add([Incoming(f"{RIVER}{owner}", "River", "/river"), Incoming("short")])
        store.history(owner).keep([ENTRY])
    return seen(store)


def seen(store: Store) -> list[object]:
    found: list[object] = []
    for owner in ("me", "you"):
        library, history = store.library(owner), store.history(owner)
        numbers = [source.id for source in library.sources()]
        found += [library.sources(), library.texts(numbers), library.stats(), library.search("river")]
        found += [history.entries(), history.search("essay"), history.entry(history.entries()[0].id)]
    return found


def used(store: Store) -> None:
    """Something of all that came with the second version."""
    number = store.accounts().add_user("me", "hash").id
    store.accounts().open_session(number, b"digest", "9999")
    assert store.accounts().session(b"digest", NOW) is not None
    job, _ = store.jobs("me").add("check", RIVER)
    assert store.queue().claim("worker", NOW, "9999") is not None
    assert store.queue().finish(job.id, "worker", RIVER)
    assert store.jobs("me").job(job.id).result == RIVER
    assert store.events().between("", "9999") == []
    store.ping()


def goes_on(store: Store, before: list[object]) -> None:
    assert seen(store) == before
    used(store)
    store.forget("you")
    assert store.library("you").sources() == store.history("you").entries() == []
    assert len(store.library("me").sources()) == 2


@pytest.fixture
def first(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[Path, list[object]]:
    """A file that the first version has written, and what is in it."""
    steps = tmp_path / "steps"
    steps.mkdir()
    shutil.copy(migrations.STEPS / "0001.sql", steps)
    with monkeypatch.context() as patched:
        patched.setattr(migrations, "STEPS", steps)
        with closing(SqliteStore(tmp_path / "store.db", lambda: NOW)) as store:
            return tmp_path / "store.db", filled(store)


def version(path: Path) -> tuple[int, list[str]]:
    with closing(sqlite3.connect(path)) as connection:
        names = [row[0] for row in connection.execute("select name from sqlite_master where type = 'table'")]
        return connection.execute("pragma user_version").fetchone()[0], names


def test_a_file_of_the_first_version_is_brought_up_to_date(first: tuple[Path, list[object]]) -> None:
    path, before = first
    assert version(path)[0] == 1
    assert "job" not in version(path)[1]
    for _ in range(2):
        with closing(SqliteStore(path, lambda: NOW)) as store:
            assert seen(store) == before
    assert version(path)[0] == len([*migrations.STEPS.glob("*.sql")])
    with closing(SqliteStore(path, lambda: NOW)) as store:
        goes_on(store, before)


def test_a_step_that_fails_leaves_the_file_as_it_was(
    first: tuple[Path, list[object]], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path, before = first
    steps = tmp_path / "broken"
    shutil.copytree(migrations.STEPS, steps)
    with (steps / "0002.sql").open("a") as step:
        step.write("insert into nowhere values (1);\n")
    with monkeypatch.context() as patched:
        patched.setattr(migrations, "STEPS", steps)
        with pytest.raises(StoreUnavailable):
            SqliteStore(path)
    assert version(path)[0] == 1
    assert "job" not in version(path)[1]
    with closing(SqliteStore(path, lambda: NOW)) as store:
        goes_on(store, before)


OPEN = """
import sys
from pathlib import Path
from neural_lab.backends.sqlite.store import SqliteStore

SqliteStore(Path(sys.argv[1])).ping()
"""


def test_processes_may_bring_a_file_up_to_date_at_once(first: tuple[Path, list[object]]) -> None:
    path, before = first
    command = [sys.executable, "-c", OPEN, str(path)]
    others = [subprocess.Popen(command, stderr=subprocess.PIPE, text=True) for _ in range(3)]
    assert [other.communicate(timeout=60)[1] for other in others] == [""] * 3
    with closing(SqliteStore(path, lambda: NOW)) as store:
        goes_on(store, before)


def test_a_database_of_the_first_version_is_brought_up_to_date(monkeypatch: pytest.MonkeyPatch) -> None:
    with postgres_server.database() as url:
        opened, before = first_database(url, monkeypatch)
        with closing(opened()) as store:
            goes_on(store, before)
        noted = postgres_server.run(postgres_server.fetch(url, "SELECT version_num FROM alembic_version"))
    assert noted >= "0002"


def first_database(url: str, monkeypatch: pytest.MonkeyPatch) -> tuple[Callable[[], Store], list[object]]:
    """How to open a database that the first version has filled, and what is in it."""
    needed("alembic")
    from neural_lab.backends.postgres import store
    from neural_lab.backends.postgres.schema import MIGRATIONS

    command = [sys.executable, "-m", "alembic", "-c", str(MIGRATIONS / "alembic.ini"), "-x", f"url={url}"]
    subprocess.run([*command, "upgrade", "0001"], check=True, timeout=60)
    assert postgres_server.run(postgres_server.fetch(url, "SELECT to_regclass('job') IS NULL"))
    with monkeypatch.context() as patched:
        patched.setattr(store, "migrate", lambda url: None)
        with closing(store.PostgresStore(url, lambda: NOW)) as opened:
            before = filled(opened)
    return lambda: store.PostgresStore(url, lambda: NOW), before
