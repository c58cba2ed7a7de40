"""What a SQLite file promises beyond what every store does: plans, wiping, crashes, other processes."""

from __future__ import annotations

import gc
import os
import random
import re
import signal
import sqlite3
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from neural_lab.audit.fingerprints import fingerprint
from neural_lab.audit.letters import letters
from neural_lab.audit.postings import pack
from neural_lab.audit.source import Incoming
from neural_lab.backends.memory_store import MemoryStore
from neural_lab.backends.sqlite import expiring, history, library, origins, rows, wiping
from neural_lab.backends.sqlite.migrations import STEPS
from neural_lab.backends.sqlite.store import SqliteStore
from neural_lab.entry import Entry
from neural_lab.errors import StoreUnavailable

KILLS = 50 if os.environ.get("NEURAL_LAB_SOAK") == "1" else 3
NOBODY = 65534
OLD = "2026-01-02"
WORD = re.compile(rb"[gklmnprst][0-9a-f]{15}")
STORED = "select source, hash, seeds from fingerprint union all select source, hash, seeds from fresh"
# What another process runs: it says `ready` and then a line for every batch that it was told is stored.
PROCESS = """
import random, string, sys
from pathlib import Path
import numpy as np
from neural_lab.audit.fingerprints import fingerprint
from neural_lab.audit.letters import letters
from neural_lab.audit.source import Incoming
from neural_lab.backends.sqlite.store import SqliteStore

path, seed, batches = Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3])
chosen, store = random.Random(seed), SqliteStore(path)
library = store.library("me")
print("ready", flush=True)
for batch in range(batches):
    texts = ["".join(chosen.choices(string.ascii_lowercase + " ", k=600)) for _ in range(20)]
    # Every other batch replaces what the one before it has stored.
    paths = [f"/{seed}/{batch // 2}/{at}" for at in range(20)]
    added = library.add([Incoming(*each) for each in zip(texts, texts, paths)])
    hashes = np.unique(fingerprint(letters(texts[0]).codes).hashes)
    assert {row[1] for row in library.recall(hashes)} == {added[0]}
    print(*added, flush=True)
store.close()
"""


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "lab" / "store.db"


@pytest.fixture
def store(path: Path) -> Iterator[SqliteStore]:
    opened = SqliteStore(path)
    yield opened
    opened.close()


@contextmanager
def plain(path: Path) -> Iterator[sqlite3.Connection]:
    """The file as any program would open it."""
    connection = sqlite3.connect(path, isolation_level=None)
    try:
        yield connection
    finally:
        connection.close()


def words(seed: int, most: int = 200) -> str:
    """Words that are nowhere else: a letter and fifteen digits to base 16."""
    chosen = random.Random(seed)
    return " ".join(f"{chosen.choice('gklmnprst')}{chosen.getrandbits(60):015x}" for _ in range(most))


def entry(text: str) -> Entry:
    fields = (text[:60], f"/home/{text[:60]}", text, text[:16], text[:16], None, 0.5, text[:16], f"[{text}]")
    return Entry("check", "2026-01-01T00:00:00Z", *fields)


def refused(path: Path) -> StoreUnavailable:
    with pytest.raises(StoreUnavailable) as failure:
        SqliteStore(path)
    assert str(path) in failure.value.message
    assert failure.value.__cause__ is None
    return failure.value


def test_every_connection_is_careful(store: SqliteStore, path: Path) -> None:
    expected = {
        "journal_mode": "wal",
        "synchronous": 2,
        "secure_delete": 1,
        "foreign_keys": 1,
        "busy_timeout": 30_000,
        "user_version": len([*STEPS.glob("*.sql")]),
    }
    found: list[dict[str, object]] = []

    def look() -> None:
        with store._database.reading() as connection:
            found.append({name: connection.execute(f"pragma {name}").fetchone()[0] for name in expected})

    other = threading.Thread(target=look)
    other.start()
    other.join()
    look()
    assert found == [expected, expected]


@pytest.mark.skipif(os.name != "posix", reason="files have no permissions for groups and others")
def test_file_and_folder_are_for_their_owner_alone(store: SqliteStore, path: Path) -> None:
    store.library("me").add([Incoming("text")])
    assert path.parent.stat().st_mode & 0o777 == 0o700
    assert {each.stat().st_mode & 0o777 for each in path.parent.iterdir()} == {0o600}


PLANS = {
    "recall": (rows.RECALL, ["found USING PRIMARY KEY (owner=? AND hash=? AND source<?)"]),
    "texts": (library.TEXTS, ["source USING INTEGER PRIMARY KEY", "source_text USING INTEGER PRIMARY KEY"]),
    "sources": (library.SOME, ["source USING INTEGER PRIMARY KEY"]),
    "added from": (
        origins.ALONE,
        ["INDEX origin_of_path (owner=? AND path_sha256=?)", "other USING PRIMARY KEY"],
    ),
    "search": (library.SEARCH, ["source_words VIRTUAL TABLE INDEX", ":M", "kept USING INTEGER PRIMARY KEY"]),
    "history": (history.SEARCH, ["entry_words VIRTUAL TABLE INDEX", ":M", "kept USING INTEGER PRIMARY KEY"]),
    "entries": (history.NEWEST, ["USING INDEX entry_of_owner (owner=? AND rowid<?)"]),
    "entry": (history.ONE, ["entry USING INTEGER PRIMARY KEY"]),
}


@pytest.mark.parametrize("name", [*PLANS])
def test_statements_use_indexes(store: SqliteStore, path: Path, name: str) -> None:
    statement, expected = PLANS[name]
    values: dict[str, object] = dict.fromkeys(("owner", "most", "before", "without", "path"), 1)
    values |= {"hashes": "[]", "numbers": "[]", "query": '"abc"'}
    with plain(path) as connection:
        plan = "\n".join(row[3] for row in connection.execute(f"explain query plan {statement}", values))
    assert all(part in plan for part in expected)
    assert all("VIRTUAL TABLE INDEX" in step for step in plan.splitlines() if step.startswith("SCAN"))
    assert "TEMP B-TREE" not in plan


@pytest.mark.parametrize("statement", rows.DROP)
def test_a_fingerprint_is_deleted_by_its_key(store: SqliteStore, path: Path, statement: str) -> None:
    with plain(path) as connection:
        plan = connection.execute(f"explain query plan {statement}", (1, 2, 3)).fetchall()
    assert [row[3].split(" USING ")[1] for row in plan] == ["PRIMARY KEY (owner=? AND hash=? AND source=?)"]


def test_a_file_is_opened_again(store: SqliteStore, path: Path) -> None:
    store.library("me").add([Incoming("kept text")])
    store.close()
    again = SqliteStore(path)
    assert len(again.library("me").sources()) == 1
    again.close()
    again.close()
    with pytest.raises(StoreUnavailable) as failure:
        again.library("me").sources()
    assert failure.value.code == "store_closed"


def test_a_newer_file_is_refused_and_left_alone(store: SqliteStore, path: Path) -> None:
    store.close()
    with plain(path) as connection:
        connection.execute("pragma user_version = 99")
    before = path.read_bytes()
    assert refused(path).code == "store_newer"
    assert path.read_bytes() == before


def test_the_database_of_another_program_is_refused_and_left_alone(path: Path) -> None:
    path.parent.mkdir()
    with plain(path) as connection:
        connection.execute("create table bookmarks (url)")
    before = path.read_bytes()
    assert refused(path).code == "store_foreign"
    assert path.read_bytes() == before


def test_what_is_not_a_database_is_refused(path: Path) -> None:
    path.parent.mkdir()
    path.write_bytes(b"marmalade " * 1000)
    failure = refused(path)
    assert failure.code == "store_damaged"
    assert "marmalade" not in failure.message


def test_a_damaged_file_is_reported(store: SqliteStore, path: Path) -> None:
    store.library("me").add([Incoming(words(seed)) for seed in range(50)])
    store.close()
    damaged = bytearray(path.read_bytes())
    damaged[4096:] = b"\xa5" * (len(damaged) - 4096)
    path.write_bytes(damaged)
    with pytest.raises(StoreUnavailable) as failure:
        SqliteStore(path).library("me").sources()
    assert failure.value.code == "store_damaged"


def test_a_folder_that_cannot_be_made_is_reported(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("not a folder")
    assert refused(tmp_path / "file" / "store.db").code == "store_unreachable"


@contextmanager
def read_only_folder() -> Iterator[Path]:
    """One that this process may read and not write, whoever runs it."""
    folder, root = Path(tempfile.mkdtemp()), os.geteuid() == 0
    folder.chmod(0o555)
    if root:
        os.seteuid(NOBODY)
    try:
        yield folder
    finally:
        if root:
            os.seteuid(0)
        folder.chmod(0o700)
        folder.rmdir()


@pytest.mark.skipif(os.name != "posix", reason="folders have no permissions")
def test_a_read_only_folder_is_reported() -> None:
    with read_only_folder() as folder:
        assert refused(folder / "store.db").code == "store_read_only"
        assert refused(folder / "new" / "store.db").code == "store_read_only"


def test_a_lock_held_too_long_is_reported(
    store: SqliteStore, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with store._database.reading() as connection:
        connection.execute("pragma busy_timeout = 50")
    with plain(path) as other:
        other.execute("begin immediate")
        with pytest.raises(StoreUnavailable) as failure:
            store.library("me").add([Incoming("marmalade")])
        other.execute("rollback")
    assert failure.value.code == "store_busy"
    assert store.library("me").add([Incoming("marmalade")]) == [1]


def test_a_failure_while_writing_leaves_nothing(store: SqliteStore, path: Path) -> None:
    sources = store.library("me")
    sources.add([Incoming(words(1), path="/a")])
    with plain(path) as connection:
        connection.execute(
            "create trigger no after insert on fresh begin select raise(abort, 'marmalade'); end"
        )
    with pytest.raises(StoreUnavailable) as failure:
        sources.add([Incoming(words(2), path="/a")])
    assert failure.value.code == "store_failed"
    assert "marmalade" not in failure.value.message
    assert [*sources.texts([1, 2]).values()] == [words(1)]
    assert sources.search(words(2)[:20]) == []


def test_rows_are_the_same_when_they_settle(store: SqliteStore, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rows, "MOST_FRESH", 300)
    common, sources, reference = words(0, 20), store.library("me"), MemoryStore().library("me")
    for seed in range(1, 90, 2):
        batch = [Incoming(f"{common} {words(each, 20)}", path=f"/{each % 50}") for each in (seed, seed + 1)]
        assert sources.add(batch) == reference.add(batch)
        asked = np.unique(fingerprint(letters(common + words(seed, 20) + words(1, 20)).codes).hashes)
        assert sources.recall(asked) == reference.recall(asked)
    assert sources.add([Incoming(words(0))]) == reference.add([Incoming(words(0))])
    with store._database.reading() as connection:
        counts = [
            connection.execute(f"select count(*) from {name}").fetchone()[0]
            for name in ("fresh", "fingerprint")
        ]
    assert 0 < counts[0] < 300 < counts[1]
    assert sources.remove(range(60)) == reference.remove(range(60)) > 0
    assert sources.recall(asked) == reference.recall(asked)


def test_a_text_of_older_letters_is_removed_all_the_same(store: SqliteStore, path: Path) -> None:
    sources = store.library("me")
    sources.add([Incoming(words(1)), Incoming(words(2))])
    with plain(path) as connection:
        connection.execute("update fresh set hash = hash + 1 where source = 1")
        sources.remove([1])
        assert connection.execute("select distinct source from fresh").fetchall() == [(2,)]


def leftovers(path: Path, texts: Iterable[str]) -> set[str]:
    """What can be read of `texts` in the files of a database: any of their words."""
    raw = b"".join(each.read_bytes() for each in path.parent.iterdir())
    return {found.decode() for found in WORD.findall(raw)} & {word for text in texts for word in text.split()}


REMOVALS: dict[str, Callable[[SqliteStore, list[int]], int]] = {
    "remove": lambda store, numbers: store.library("me").remove(numbers),
    "delete": lambda store, numbers: store.history("me").delete(numbers),
    "expire": lambda store, numbers: store.history("me").expire(OLD),
    "purge": lambda store, numbers: store.history("me").purge(),
    "expire all": lambda store, numbers: store.expire(OLD),
}


@pytest.mark.parametrize("name", [*REMOVALS])
def test_what_is_deleted_cannot_be_read_from_the_files(store: SqliteStore, path: Path, name: str) -> None:
    """Texts of all lengths, in many rounds, so that pages fill, empty and are used again."""
    chosen, live, gone = random.Random(5), dict[int, str](), list[str]()
    for seed in range(0, 2000, 50):
        texts = [words(at, chosen.randint(1, 40)) for at in range(seed, seed + 50)]
        live |= zip(added(store, name, texts), texts, strict=True)
        # Not all of them: a word may go on on another page.
        assert len(leftovers(path, live.values())) > len(" ".join(live.values()).split()) * 0.9
        removed = chosen.sample(sorted(live), 35) if name in ("remove", "delete") else [*live]
        assert REMOVALS[name](store, removed) == len(removed)
        gone += [live.pop(number) for number in removed]
        assert leftovers(path, gone) == set()
    assert sound(path)


def added(store: SqliteStore, name: str, texts: list[str]) -> list[int]:
    """Numbers of texts, put where `name` takes them from; some of their words are in other fields as well."""
    if name != "remove":
        return store.history("me").keep([entry(text) for text in texts])
    given = [Incoming(text, text[:60], f"/home/{text[:60]}", text[:16], text[:16]) for text in texts]
    return [number for number in store.library("me").add(given) if number is not None]


def test_an_interrupted_expiry_is_finished_by_the_next(
    store: SqliteStore, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also in the index of words, which is written anew once, at the end."""
    monkeypatch.setattr(expiring, "AT_ONCE", 10)
    texts, rare = [words(seed) for seed in range(15)], "☃☀☂"
    young = replace(entry(words(99)), created=OLD)
    store.history("me").keep([*(entry(f"{text} {rare}") for text in texts), young])
    with plain(path) as other:
        other.execute(
            "create trigger no before update on entry when old.id = 15 begin select raise(abort, ''); end"
        )
        with pytest.raises(StoreUnavailable):
            store.expire(OLD)
        other.execute("drop trigger no")
    assert [each.id for each in store.history("me").entries()] == [16, 15, 14, 13, 12, 11]
    assert store.expire(OLD) == 5
    assert leftovers(path, texts) == set()
    assert not any(rare.encode() in each.read_bytes() for each in path.parent.iterdir())
    assert sound(path)


def test_what_was_replaced_is_gone_with_the_next_removal(store: SqliteStore, path: Path) -> None:
    sources = store.library("me")
    sources.add([Incoming(words(seed), path=f"/{seed}") for seed in range(30)])
    sources.add([Incoming(words(seed + 100), path=f"/{seed}") for seed in range(30)])
    assert sources.remove([]) == 0
    assert leftovers(path, map(words, range(30))) == set()


def test_a_path_that_left_a_text_is_gone_with_the_next_removal(store: SqliteStore, path: Path) -> None:
    """Also one under which a text was there already: that is never written."""
    sources, left = store.library("me"), [words(seed, 3) for seed in range(100, 130)]
    sources.add([Incoming(words(seed), path=each) for seed, each in enumerate(left)])
    sources.add([Incoming(words(seed), path=f"/{words(seed + 100, 4)}") for seed in range(30)])
    assert len(leftovers(path, left)) == 90
    assert leftovers(path, [words(130, 4)]) == set()
    sources.add([Incoming(words(seed + 200), path=each) for seed, each in enumerate(left[:10])])
    assert sources.add([Incoming(words(0), path=each) for each in left[1:]]) == [None] * 29
    assert sources.remove(range(31, 50)) == 10 - 9
    assert leftovers(path, left[:1] + left[10:]) == set()
    assert sound(path)


@contextmanager
def reader(store: SqliteStore, path: Path) -> Iterator[None]:
    """Another program that reads the state of this moment; the store does not wait for it for long."""
    with store._database.reading() as connection:
        connection.execute("pragma busy_timeout = 50")
    with plain(path) as other:
        other.execute("begin")
        other.execute("select * from source").fetchall()
        yield


@pytest.mark.parametrize("name", [*REMOVALS])
def test_a_reader_that_keeps_the_log_is_reported(store: SqliteStore, path: Path, name: str) -> None:
    texts = [words(1), words(2)]
    removed = added(store, name, texts)
    with reader(store, path):
        with pytest.raises(StoreUnavailable) as failure:
            REMOVALS[name](store, removed)
        assert failure.value.code == "wipe_due"
        assert str(path) in failure.value.message
        # It is deleted all the same.
        assert REMOVALS[name](store, removed) == 0
        assert leftovers(path, texts) != set()
    store.library("you").add([Incoming("another text")])
    assert leftovers(path, texts) == set()
    assert sound(path)


def test_whoever_opens_a_file_takes_out_what_could_not_be_taken_out(store: SqliteStore, path: Path) -> None:
    store.library("me").add([Incoming(words(1))])
    with plain(path) as idle:  # Otherwise the last one to close the file would take the log with it.
        idle.execute("select * from owner").fetchall()
        with reader(store, path), pytest.raises(StoreUnavailable):
            store.library("me").remove([1])
        store.close()
        assert leftovers(path, [words(1)]) != set()
        again = SqliteStore(path)
        assert leftovers(path, [words(1)]) == set()
        again.close()


def test_what_is_still_read_delays_nobody(store: SqliteStore, path: Path) -> None:
    store.library("me").add([Incoming(words(1))])
    with reader(store, path):
        with pytest.raises(StoreUnavailable):
            store.library("me").remove([1])
        with store._database.reading() as connection:
            connection.execute("pragma busy_timeout = 30000")
        started = time.monotonic()
        store.library("me").add([Incoming("another text")])
        assert store.library("me").remove([1]) == 0
        SqliteStore(path).close()
        assert time.monotonic() - started < 5
        with store._database.reading() as connection:
            assert connection.execute("pragma busy_timeout").fetchone() == (30_000,)


def test_what_others_delete_while_one_wipes_stays_due(
    store: SqliteStore, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pragma, due = wiping._pragma, "select asked - done from wiping"
    store.library("me").add([Incoming(words(1)), Incoming(words(2))])
    with plain(path) as other:

        def late(connection: sqlite3.Connection, name: str) -> int:
            answer = pragma(connection, name)
            if "checkpoint" in name:
                other.execute("update wiping set asked = asked + 1")
            return answer

        monkeypatch.setattr(wiping, "_pragma", late)
        assert store.library("me").remove([1]) == 1
        assert other.execute(due).fetchone() == (1,)
        monkeypatch.undo()
        assert store.library("me").remove([2]) == 1
        assert other.execute(due).fetchone() == (0,)


def test_a_failure_of_the_disk_while_wiping_is_no_failure_to_delete(
    store: SqliteStore, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(connection: sqlite3.Connection) -> bool:
        raise sqlite3.OperationalError("marmalade")

    store.library("me").add([Incoming(words(1))])
    monkeypatch.setattr(wiping, "_wiped", broken)
    with pytest.raises(StoreUnavailable) as failure:
        store.library("me").remove([1])
    assert failure.value.code == "wipe_due"
    assert store.library("me").sources() == []
    store.library("me").add([Incoming("another text")])
    monkeypatch.undo()
    store.library("me").remove([])
    assert leftovers(path, [words(1)]) == set()


def test_a_mostly_empty_file_shrinks(store: SqliteStore, path: Path) -> None:
    store.library("me").add([Incoming(words(seed, 2000)) for seed in range(40)])
    store.library("me").remove([0])
    before = path.stat().st_size
    store.library("me").remove(range(2, 50))
    assert path.stat().st_size < before / 4
    assert sound(path)


def test_threads_share_a_store(store: SqliteStore) -> None:
    errors: list[BaseException] = []

    def work(name: int) -> None:
        try:
            for seed in range(5):
                text = words(name * 100 + seed)
                (number,) = store.library("me").add([Incoming(text)])
                assert number is not None
                assert store.library("me").search(text[:20])[0].id == number
        except BaseException as error:
            errors.append(error)

    threads = [threading.Thread(target=work, args=(name,)) for name in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert errors == []
    assert store.library("me").stats().sources == 20
    # The connections of threads that ended are closed when they are collected.
    gc.collect()
    assert len(store._database._connections) == 1


def process(path: Path, seed: int, batches: int) -> subprocess.Popen[str]:
    command = [sys.executable, "-c", PROCESS, str(path), str(seed), str(batches)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def test_two_processes_add_and_recall_at_once(path: Path) -> None:
    """From the first moment on: both make the file."""
    others = [process(path, seed, 6) for seed in (1, 2)]
    ended = [other.communicate(timeout=120) for other in others]
    assert [error for _, error in ended] == ["", ""]
    numbers = [int(number) for said, _ in ended for number in said.replace("ready", "").split()]
    assert len(set(numbers)) == len(numbers) == 2 * 6 * 20
    assert sound(path)


def sound(path: Path) -> bool:
    """Whether the file is, and everything that can be seen in it is whole; the sources are then `whole`."""
    with plain(path) as connection:
        assert connection.execute("pragma integrity_check").fetchall() == [("ok",)]
        for table in ("source_words", "entry_words"):
            connection.execute(f"insert into {table} ({table}) values ('integrity-check')")
        rows = connection.execute(STORED).fetchall()
        texts = connection.execute(
            "select id, text from source join source_text on source = id where owner is not null"
        ).fetchall()
    expected = []
    for number, text in texts:
        packed = pack(fingerprint(letters(text.decode("utf-8", "surrogatepass")).codes))
        expected += [(number, hashed, seeds) for hashed, seeds in zip(*packed, strict=True)]
    return sorted(rows) == sorted(expected)


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="processes cannot be killed outright")
def test_a_killed_import_loses_nothing_it_acknowledged(path: Path) -> None:
    chosen, acknowledged = random.Random(3), list[list[int]]()
    for seed in range(KILLS):
        other = process(path, seed, 10_000)
        assert other.stdout is not None
        assert other.stdout.readline() == "ready\n"
        time.sleep(chosen.uniform(0.01, 0.4))
        other.kill()
        said, _ = other.communicate(timeout=60)
        whole = [line for line in said.splitlines(keepends=True) if line.endswith("\n")]
        acknowledged += [[int(number) for number in line.split()] for line in whole]
        store = SqliteStore(path)
        visible = store.library("me").sources()
        store.close()
        assert sound(path)
        assert kept_or_replaced(acknowledged, {source.id: source.path for source in visible})


def kept_or_replaced(acknowledged: list[list[int]], visible: dict[int, str]) -> bool:
    """All of a batch is there, or none because the next one, from the same paths, is there instead."""
    counts = [sum(number in visible for number in batch) for batch in acknowledged]
    per_path = len(set(visible.values())) == len(visible)
    latest = max(visible, default=0) >= max((batch[-1] for batch in acknowledged), default=0)
    return per_path and latest and set(counts) <= {0, 20}
