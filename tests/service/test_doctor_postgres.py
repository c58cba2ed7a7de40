"""The doctor before a real PostgreSQL and a real Redis: sound, broken, and silent."""

from __future__ import annotations

import json
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any
from urllib.parse import urlsplit

import postgres_server
import pytest
import redis_server
from command_line import run
from helpers import needed
from stalling import Way

needed("asyncpg")
needed("redis")

from neural_lab.backends.postgres.schema import VERSIONS
from neural_lab.backends.postgres.store import PostgresStore
from neural_lab.doctor.postgres import judged
from neural_lab.doctor.postgres_facts import Facts

SECRET = "hunter2secret"
ROWS = {"store", "store.trigrams", "store.schema", "store.indexes", "store.plans"}


def rows(*options: object, code: int = 0) -> dict[str, dict[str, Any]]:
    result = run("doctor", "--json", *options)
    assert result.exit_code == code, result.output
    found = json.loads(result.stdout)["checks"]
    named = {row["name"]: row for row in found}
    assert len(named) == len(found), "each row has a name of its own"
    return named


def looked(url: str, code: int = 0) -> dict[str, dict[str, Any]]:
    return rows("--only", "store", "--store", url, code=code)


def states(found: dict[str, dict[str, Any]]) -> dict[str, str]:
    return {name: row["state"] for name, row in found.items()}


def execute(url: str, *statements: str) -> Any:
    return postgres_server.run(postgres_server.fetch(url, *statements))


@pytest.fixture
def empty() -> Iterator[str]:
    with postgres_server.database() as url:
        yield url


@pytest.fixture
def made(empty: str) -> str:
    """A database with its tables."""
    PostgresStore(empty).close()
    return empty


def test_a_sound_database_passes_and_is_named_without_its_user(made: str) -> None:
    result = run("doctor", "--json", "--only", "store", "--store", made)
    answer = json.loads(result.stdout)
    assert {row["name"]: row["state"] for row in answer["checks"]} == dict.fromkeys(ROWS, "ok")
    version = execute(made, "SHOW server_version").split()[0]
    assert f"PostgreSQL {version} at" in answer["checks"][0]["found"]
    parts = urlsplit(made)
    assert answer["network"] == [f"postgresql://{parts.hostname}:{parts.port}{parts.path}"]
    said = run("doctor", "--only", "store", "--store", made).output
    assert "Asked over the network:" in said


def test_looking_makes_no_tables(empty: str) -> None:
    found = looked(empty)
    assert states(found) == {"store": "ok", "store.trigrams": "warning", "store.schema": "warning"}
    assert execute(empty, "SELECT count(*) FROM pg_class WHERE relnamespace = 'public'::regnamespace") == 0


@pytest.mark.parametrize("index", ["source_words", "entry_words", "fingerprint_hash"])
def test_an_index_that_is_not_valid_or_not_there_fails(made: str, index: str) -> None:
    valid = f"UPDATE pg_index SET indisvalid = {{}} WHERE indexrelid = '{index}'::regclass"
    execute(made, valid.format("false"))
    found = looked(made, 1)
    assert index in found["store.indexes"]["found"]
    assert found["store.indexes"]["advice"] == f"REINDEX INDEX CONCURRENTLY {index};"
    assert states(found)["store.plans"] == "failed"
    execute(made, found["store.indexes"]["advice"])
    assert states(looked(made)) == dict.fromkeys(ROWS, "ok")
    execute(made, f"DROP INDEX {index}")
    assert "Missing" in looked(made, 1)["store.indexes"]["found"]


def test_a_missing_extension_fails(made: str) -> None:
    execute(made, "DROP EXTENSION pg_trgm CASCADE")
    found = looked(made, 1)
    assert states(found)["store.trigrams"] == "failed"
    assert "CREATE EXTENSION pg_trgm" in found["store.trigrams"]["advice"]


def test_tables_that_are_behind_are_warned_of_and_newer_ones_fail(made: str) -> None:
    execute(made, f"UPDATE alembic_version SET version_num = '{VERSIONS[-2]}'")
    assert states(looked(made))["store.schema"] == "warning"
    execute(made, "UPDATE alembic_version SET version_num = '9999'")
    assert "newer version" in looked(made, 1)["store.schema"]["found"]


def test_a_database_without_unicode_fails() -> None:
    with postgres_server.database(locale="C") as url:
        assert "--locale=C.UTF-8" in looked(url, 1)["store"]["advice"]


def test_an_old_server_or_one_without_contrib_fails() -> None:
    old, bare = (next(iter(judged(facts, "h"))) for facts in (Facts((12, 4)), Facts((15, 0))))
    assert (old.state, bare.state) == ("failed", "ok")
    assert [row.state for row in judged(Facts((15, 0)), "h")][1] == "failed"


def test_a_database_that_is_not_there_says_what_to_do(empty: str) -> None:
    assert "createdb" in looked(f"{empty}_other", 1)["store"]["found"]
    assert "check that it runs" in looked("postgresql://lab@127.0.0.1:1/lab", 1)["store"]["found"]


def test_a_database_that_never_answers_does_not_keep_the_doctor(made: str) -> None:
    way = Way(made)
    try:
        assert states(looked(way.url)) == dict.fromkeys(ROWS, "ok")
        with way.held():
            start = time.monotonic()
            assert looked(way.url, 1)["store"]["state"] == "failed"
            assert time.monotonic() - start < 8
    finally:
        way.close()


@contextmanager
def silent() -> Iterator[int]:
    """A port where everybody is accepted and nobody answered."""
    held: list[socket.socket] = []

    def accept() -> None:
        with suppress(OSError):
            while True:
                held.append(server.accept()[0])

    with socket.create_server(("127.0.0.1", 0)) as server:
        threading.Thread(target=accept, daemon=True).start()
        yield server.getsockname()[1]
    for each in held:
        each.close()


def test_servers_that_never_answer_do_not_keep_the_program() -> None:
    with silent() as port:
        place = f"lab:{SECRET}@127.0.0.1:{port}"
        urls = ("--store", f"postgresql://{place}/lab", "--redis", f"redis://{place}?socket_timeout=60")
        command = [sys.executable, "-m", "neural_lab", "doctor", "--only", "store", "--only", "redis", *urls]
        start = time.monotonic()
        done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)
        assert time.monotonic() - start < 20
    assert done.returncode == 1, done.stderr
    assert done.stdout.count("failed") >= 2
    assert f"redis://127.0.0.1:{port}" in done.stdout
    assert SECRET not in done.stdout + done.stderr


def test_a_redis_is_asked_for_its_speed_and_its_memory() -> None:
    with redis_server.own() as redis:
        found = rows("--only", "redis", "--redis", redis.url)
        assert states(found) == {"redis": "ok", "redis.memory": "warning"}
        assert 0 < found["redis"]["figures"]["seconds"] < 1
        with redis_server.client(redis.url) as client:
            client.config_set("maxmemory", "64mb")
            assert "noeviction" in rows("--only", "redis", "--redis", redis.url)["redis.memory"]["found"]
            client.config_set("maxmemory-policy", "allkeys-lru")
            assert states(rows("--only", "redis", "--redis", redis.url))["redis.memory"] == "ok"
            client.config_set("requirepass", "another")
            wrong = redis.url.replace("//", f"//:{SECRET}@")
            assert "password" in rows("--only", "redis", "--redis", wrong, code=1)["redis"]["found"]
        redis.kill()
        assert "cannot be reached" in rows("--only", "redis", "--redis", redis.url, code=1)["redis"]["found"]


def test_the_redis_of_the_settings_is_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NEURAL_LAB_REDIS", redis_server.server())
    assert rows("--only", "redis")["redis"]["state"] == "ok"
    monkeypatch.setenv("NEURAL_LAB_REDIS", f"http://{SECRET}")
    found = rows("--only", "redis", code=1)["redis"]
    assert "redis://HOST:PORT" in found["found"]
    assert SECRET not in json.dumps(found)
