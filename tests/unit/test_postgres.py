"""What PostgreSQL promises beyond what every store does: plans, migrations, crashes, other processes."""

from __future__ import annotations

import os
import random
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import closing

import numpy as np
import pytest
from helpers import needed
from postgres_server import database, fetch, run

from neural_lab.audit.fingerprints import fingerprint
from neural_lab.audit.letters import letters
from neural_lab.audit.postings import MOST_SOURCES, pack
from neural_lab.audit.source import Incoming
from neural_lab.entry import Entry
from neural_lab.errors import StoreUnavailable

asyncpg = needed("asyncpg")
needed("alembic")

from neural_lab.backends.postgres import storing
from neural_lab.backends.postgres.arrivals import digest
from neural_lab.backends.postgres.database import SETTINGS, statement
from neural_lab.backends.postgres.escapes import MARK, escaped, plain
from neural_lab.backends.postgres.schema import MIGRATIONS, VERSIONS, migrate
from neural_lab.backends.postgres.store import PostgresStore
from neural_lab.backends.postgres.words import pattern

KILLS = 50 if os.environ.get("NEURAL_LAB_SOAK") == "1" else 3
VOCABULARY = [f"{random.Random(seed).getrandbits(28):x}" for seed in range(2000)]
OTHERS = """
SELECT count(*) FROM pg_stat_activity WHERE application_name = 'neural-lab' AND datname = current_database()
"""
TABLES = ("source", "fingerprint", "origin", "entry")
# What another process runs: it says `ready` and then a line for every batch that it was told is stored.
PROCESS = """
import random, string, sys
import numpy as np
from neural_lab.audit.fingerprints import fingerprint
from neural_lab.audit.letters import letters
from neural_lab.audit.source import Incoming
from neural_lab.backends.postgres.store import PostgresStore

url, seed, batches = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
chosen, store = random.Random(seed), PostgresStore(url)
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
def url() -> Iterator[str]:
    with database() as made:
        yield made


@pytest.fixture
def store(url: str) -> Iterator[PostgresStore]:
    with closing(PostgresStore(url)) as opened:
        yield opened


@pytest.fixture(scope="module")
def large() -> Iterator[str]:
    """5,000 sources of 3 KB, and 1,000 reports."""
    with database() as made, closing(PostgresStore(made)) as opened:
        texts = [prose(seed) for seed in range(5000)]
        for start in range(0, 5000, 1000):
            opened.library("me").add([Incoming(text) for text in texts[start : start + 1000]])
        opened.history("me").keep([entry(text) for text in texts[:1000]])
        yield made


def prose(seed: int, words: int = 400) -> str:
    chosen = random.Random(seed)
    return " ".join(chosen.choices(VOCABULARY, k=words))


def entry(text: str) -> Entry:
    return Entry("check", "2026-01-01T00:00:00Z", text[:30], "/a", text, "", "", None, None, "{}", "{}")


def hashes(text: str) -> np.ndarray:
    return np.unique(fingerprint(letters(text).codes).hashes)


def plan(url: str, name: str, *values: object) -> str:
    """What the planner makes of a statement, as it is run."""

    async def explained() -> str:
        connection = await asyncpg.connect(url, server_settings=SETTINGS)
        try:
            rows = await connection.fetch(f"EXPLAIN (ANALYZE) {statement(name)}", *values)
        finally:
            await connection.close()
        return "\n".join(row[0] for row in rows)

    return run(explained())


def process(url: str, seed: int, batches: int) -> subprocess.Popen[str]:
    command = [sys.executable, "-c", PROCESS, url, str(seed), str(batches)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, text=True)


def refused(url: str) -> StoreUnavailable:
    with pytest.raises(StoreUnavailable) as failure:
        PostgresStore(url)
    assert failure.value.__cause__ is None
    assert "hunter2" not in failure.value.message
    return failure.value


def test_recalling_reads_the_index_alone(large: str) -> None:
    asked = np.concatenate([hashes(prose(seed)) for seed in range(20)])
    found = plan(large, "recall", 1, asked.tolist(), [*range(len(asked))], MOST_SOURCES + 1, 0, None)
    assert "Index Only Scan using fingerprint_hash" in found
    assert "Heap Fetches: 0" in found
    assert "Seq Scan" not in found


@pytest.mark.parametrize(
    ("name", "index"), [("search_sources", "source_words"), ("search_entries", "entry_words")]
)
def test_searching_uses_the_index_of_words(large: str, name: str, index: str) -> None:
    found = plan(large, name, 1, pattern(prose(77)[100:130]), 50)
    assert f"Bitmap Index Scan on {index}" in found
    assert "Seq Scan" not in found
    assert "Rows Removed by Filter" not in found


@pytest.mark.parametrize("name", ["sources", "texts"])
def test_sources_are_found_by_number(large: str, name: str) -> None:
    found = plan(large, name, 1, [5, 6, 7])
    assert "source_pkey" in found
    assert "Seq Scan" not in found


def test_what_was_added_from_a_path_is_found_by_that(large: str) -> None:
    found = plan(large, "added_from", 1, digest("/a"))
    assert "origin_path" in found
    assert "origin_pkey" in found
    assert "Seq Scan" not in found
    found = plan(large, "held", 1, [bytes(32)] * 9, [digest(f"/{at}") for at in range(9)])
    assert "source_owner_sha256_key" in found
    assert "origin_path" in found
    assert "Seq Scan" not in found


def test_older_entries_are_found_by_number(large: str) -> None:
    assert "Index Scan Backward using entry" in plan(large, "entries", 1, 500, 50)


def test_old_entries_of_all_are_found_by_their_time(large: str) -> None:
    found = plan(large, "expire_all_entries", "2025")
    assert "entry_created" in found
    assert "Seq Scan" not in found


def test_words_are_folded_as_python_folds_them(store: PostgresStore) -> None:
    """Of all characters that have two cases and that the server's C library knows as such."""
    odd = [c for c in map(chr, range(1, 0x1F000)) if c.casefold() != c and not 0xD800 <= ord(c) < 0xE000]
    query = "SELECT folded(a) = folded(b) AS same FROM unnest($1::text[], $2::text[]) AS pairs (a, b)"
    rows = store._database.rows(query, odd, [each.casefold() for each in odd])
    assert len(odd) > 1000
    assert [each for each, row in zip(odd, rows, strict=True) if not row["same"]] == []


@pytest.mark.parametrize(
    "text", ["", "plain", "\0", "a\0b\ud800\udfff", "\ud83d\ude00", MARK, f"{MARK}\ue000", "\ue800\0"]
)
def test_what_cannot_be_stored_is_written_otherwise(text: str) -> None:
    assert "\0" not in escaped(text)
    escaped(text).encode("utf-8")
    assert plain(escaped(text)) == text


def test_ordinary_texts_are_stored_as_they_are() -> None:
    text = "漢字 \U0001f600 Straße \ue000"
    assert escaped(text) == text


def test_tables_are_made_once(url: str) -> None:
    for _ in range(2):
        migrate(url)
    assert run(fetch(url, "SELECT version_num FROM alembic_version")) == VERSIONS[-1]
    assert run(fetch(url, "SELECT count(*) FROM source")) == 0


def test_several_processes_may_make_them_at_once(url: str) -> None:
    workers = [process(url, seed, 1) for seed in range(4)]
    assert [worker.communicate(timeout=60)[0].count("\n") for worker in workers] == [2] * 4
    assert run(fetch(url, "SELECT count(*) FROM source")) == 80


def test_alembic_makes_the_same_tables_from_the_command_line(url: str) -> None:
    command = [sys.executable, "-m", "alembic", "-c", str(MIGRATIONS / "alembic.ini"), "-x", f"url={url}"]
    subprocess.run([*command, "upgrade", "head"], check=True, timeout=60)
    assert run(fetch(url, "SELECT version_num FROM alembic_version")) == VERSIONS[-1]
    shown = subprocess.run(
        [*command, "upgrade", "head", "--sql"], check=True, timeout=60, capture_output=True
    )
    assert b"CREATE TABLE fingerprint" in shown.stdout


def test_a_newer_schema_is_refused(url: str) -> None:
    migrate(url)
    run(fetch(url, "UPDATE alembic_version SET version_num = '9999'"))
    assert refused(url).code == "store_newer"


def test_a_database_without_unicode_is_refused() -> None:
    with database(locale="C") as made:
        failure = refused(made)
    assert failure.code == "store_encoding"
    assert "createdb" in failure.message


@pytest.mark.parametrize("port", ["closed", "silent"])
def test_a_server_that_does_not_answer_is_given_up(port: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("neural_lab.backends.postgres.schema.CONNECT_SECONDS", 1)
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        if port == "silent":
            listening.listen()
        started = time.monotonic()
        failure = refused(f"postgresql://me:hunter2@127.0.0.1:{listening.getsockname()[1]}/name")
    assert failure.code == "store_unreachable"
    assert time.monotonic() - started < 5


@pytest.mark.parametrize("url", ["postgresql://me:hunter2@127.0.0.1:port/name", "sqlite:///hunter2", ""])
def test_a_wrong_url_is_refused(url: str) -> None:
    assert refused(url).code == "store_url"


def test_a_missing_database_is_refused(url: str) -> None:
    failure = refused(f"{url}_other")
    assert failure.code == "store_missing"
    assert "createdb" in failure.message


def test_without_the_right_to_make_tables_it_says_so(url: str) -> None:
    role = f"neural_lab_test_{random.SystemRandom().getrandbits(40):x}"
    run(
        fetch(
            url, "REVOKE CREATE ON SCHEMA public FROM public", f"CREATE ROLE {role} LOGIN PASSWORD 'hunter2'"
        )
    )
    try:
        failure = refused(url.replace("postgres@", f"{role}:hunter2@"))
        assert failure.code == "store_denied"
        assert "CREATE EXTENSION pg_trgm" in failure.message
    finally:
        run(fetch(url, f"DROP ROLE {role}"))


def test_messages_do_not_quote_texts(store: PostgresStore, url: str) -> None:
    run(fetch(url, "ALTER TABLE entry ADD CHECK (title <> 'marmalade')"))
    with pytest.raises(StoreUnavailable) as failure:
        store.history("me").keep([entry("marmalade")])
    assert "marmalade" not in failure.value.message
    assert failure.value.__cause__ is None
    assert failure.value.__suppress_context__


def test_a_closed_store_says_so(url: str) -> None:
    store = PostgresStore(url)
    library = store.library("me")
    store.close()
    store.close()
    with pytest.raises(StoreUnavailable) as failure:
        library.sources()
    assert failure.value.code == "store_closed"


def test_a_lost_connection_is_made_again(store: PostgresStore, url: str) -> None:
    library = store.library("me")
    run(
        fetch(
            url,
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'neural-lab'",
        )
    )
    time.sleep(0.2)
    assert library.add([Incoming(prose(1))]) == [1]


def test_threads_share_a_store(store: PostgresStore) -> None:
    library, found = store.library("me"), []

    def work(seed: int) -> None:
        added = library.add([Incoming(prose(seed * 100 + at)) for at in range(5)])
        found.append((added, [row[1] for row in library.recall(hashes(prose(seed * 100))[:1])]))

    threads = [threading.Thread(target=work, args=(seed,)) for seed in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 12
    assert all(added == sorted(added) and recalled == [added[0]] for added, recalled in found)
    assert len(library.sources()) == 60


def test_parts_are_filled_one_after_another(
    store: PostgresStore, url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(storing, "MOST_ROWS", 200)
    library = store.library("me")
    common = prose(0, 40)
    added = [library.add([Incoming(f"{common} {prose(seed, 100)}")])[0] for seed in range(1, 90)]
    assert run(fetch(url, "SELECT count(*) > 20 FROM part")) is True
    assert run(fetch(url, "SELECT sum(rows) = (SELECT count(*) FROM fingerprint) FROM part")) is True
    shared = [source for number, source, _ in library.recall(hashes(common)) if number == 0]
    assert shared == [-(added[at] or 0) for at in (64, 32, 0)]
    assert library.remove([number for number in added if number]) == len(added)
    assert (
        run(fetch(url, "SELECT count(*) FROM part"))
        == run(fetch(url, "SELECT count(*) FROM fingerprint"))
        == 0
    )


def test_fingerprints_of_older_hashes_are_removed(store: PostgresStore, url: str) -> None:
    library = store.library("me")
    numbers = library.add([Incoming(prose(1)), Incoming(prose(2))])
    run(
        fetch(
            url,
            "UPDATE source SET version = 0 WHERE id = 1",
            "UPDATE fingerprint SET hash = hash + 1 WHERE source = 1",
        )
    )
    assert library.remove(numbers[:1]) == 1
    assert run(fetch(url, "SELECT count(*) FROM fingerprint")) == len(hashes(prose(2)))


def test_deleted_rows_leave_the_tables(store: PostgresStore, url: str) -> None:
    library, history = store.library("me"), store.history("me")
    library.add([Incoming(prose(seed), path=f"/{seed}") for seed in range(50)])
    library.add([Incoming(prose(seed + 50), path=f"/{seed}") for seed in range(50)])
    assert library.remove(range(101)) == 50
    numbers = history.keep([entry(prose(seed)) for seed in range(50)])
    history.delete(numbers[:20])
    history.expire("2026-01-02")
    store.history("you").keep([entry(prose(seed)) for seed in range(50)])
    assert store.expire("2026-01-02") == 50
    run(fetch(url, "CREATE EXTENSION pgstattuple"))
    sizes = [
        run(fetch(url, f"SELECT tuple_len + dead_tuple_len FROM pgstattuple('{name}')")) for name in TABLES
    ]
    assert sizes == [0] * len(TABLES)


def test_copied_rows_are_what_is_packed(store: PostgresStore) -> None:
    """Also rows without seeds, and with as many as a row can have."""
    text = f"{prose(1)} {'the same words over and over again ' * 12} {'x' * 3000}"
    store.library("me").add([Incoming(text)])
    rows = store._database.rows("SELECT hash, seeds FROM fingerprint ORDER BY hash")
    found, seeds = pack(fingerprint(letters(text).codes))
    assert [(row["hash"], row["seeds"]) for row in rows] == [*zip(found, seeds, strict=True)]
    assert len({len(each) for each in seeds}) > 2


def test_processes_may_add_and_recall_at_once(url: str) -> None:
    workers = [process(url, seed, 10) for seed in range(2)]
    lines = [worker.communicate(timeout=120)[0].splitlines() for worker in workers]
    assert [worker.returncode for worker in workers] == [0, 0]
    numbers = [int(number) for worker in lines for line in worker[1:] for number in line.split()]
    assert len(numbers) == len(set(numbers)) == 2 * 10 * 20
    with closing(PostgresStore(url)) as store:
        whole(store)
        assert store.library("me").stats().sources == 2 * 5 * 20


def test_processes_may_add_the_same_at_once(url: str) -> None:
    workers = [process(url, 1, 1) for _ in range(3)]
    for worker in workers:
        worker.communicate(timeout=60)
    with closing(PostgresStore(url)) as store:
        whole(store)
        assert store.library("me").stats().sources == 20


@pytest.mark.parametrize("kill", range(KILLS))
def test_a_killed_import_loses_nothing_that_it_was_told_is_stored(url: str, kill: int) -> None:
    worker = process(url, kill, 10_000)
    assert worker.stdout is not None
    lines = [worker.stdout.readline() for _ in range(3)]
    time.sleep(random.Random(kill).random() / 5)
    worker.send_signal(signal.SIGKILL)
    lines += worker.communicate()[0].splitlines()
    told = [[int(number) for number in line.split()] for line in lines[1:] if line.count(" ") == 19]
    _ended(url)
    with closing(PostgresStore(url)) as store:
        stored = set(whole(store))
    # Every other batch replaces the one before it. One more may be stored that was not told any more.
    settled = {number for batch in told[1::2] for number in batch}
    rest, last = stored - settled, {*told[-1]} if len(told) % 2 else set()
    assert settled <= stored
    assert len(rest) == 20 if last else len(rest) in (0, 20)
    assert rest == last or min(rest) > max(told[-1])


def whole(store: PostgresStore) -> list[int]:
    """The numbers of sources, all of whose fingerprints are there, and no others."""
    library = store.library("me")
    numbers = [source.id for source in library.sources()]
    expected = {
        (hash_, number) for number, text in library.texts(numbers).items() for hash_ in hashes(text).tolist()
    }
    rows = store._database.rows("SELECT hash, source FROM fingerprint")
    assert {(row["hash"], row["source"]) for row in rows} == expected
    return numbers


def _ended(url: str) -> None:
    """Wait until the server has noticed that the process is gone, and undone what it had not finished."""
    while run(fetch(url, OTHERS)):
        time.sleep(0.05)
