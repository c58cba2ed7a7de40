"""A PostgreSQL server for tests: the one that runs here, or one started for them and stopped again."""

from __future__ import annotations

import asyncio
import atexit
import os
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Coroutine, Iterator
from contextlib import contextmanager, suppress
from functools import cache
from pathlib import Path
from secrets import token_hex
from typing import Any
from urllib.parse import urlsplit

import pytest
from helpers import needed

LOCAL = "postgresql://postgres@127.0.0.1:5432/postgres"
NAMED = "NEURAL_LAB_TEST_POSTGRES"
INSTALLED = Path("/usr/lib/postgresql")
USER = "postgres"
ROOT = hasattr(os, "geteuid") and os.geteuid() == 0


@contextmanager
def database(template: str = "template0", locale: str = "C.UTF-8") -> Iterator[str]:
    """The URL of a database that is made for the block and dropped after it."""
    name = f"neural_lab_test_{token_hex(8)}"
    _execute(f"CREATE DATABASE {name} TEMPLATE {template} ENCODING 'UTF8' LOCALE '{locale}'")
    try:
        yield urlsplit(server())._replace(path=f"/{name}").geturl()
    finally:
        _execute(f"DROP DATABASE {name} WITH (FORCE)")


@cache
def server() -> str:
    """The URL of a database on a server that lets us make others; without a server tests are skipped."""
    needed("asyncpg")
    named = os.environ.get(NAMED)
    if named or _answers(LOCAL):
        return named or LOCAL
    postgres = OwnPostgres(_programs() or _missing())
    postgres.start()
    atexit.register(postgres.remove)
    return postgres.url


def run(coroutine: Coroutine[Any, Any, Any]) -> Any:
    """A connection of its own is enough here."""
    return asyncio.run(coroutine)


async def fetch(url: str, *statements: str) -> Any:
    """The value that the last of some statements returns."""
    import asyncpg

    connection = await asyncpg.connect(url, timeout=10)
    try:
        return [await connection.fetchval(statement) for statement in statements][-1]
    finally:
        await connection.close()


def _execute(statement: str) -> None:
    run(fetch(server(), statement))


def _answers(url: str) -> bool:
    import asyncpg

    try:
        return bool(run(fetch(url, "SELECT true FROM pg_roles WHERE rolname = current_user AND rolcreatedb")))
    except (OSError, asyncpg.PostgresError):
        return False


def _programs() -> Path | None:
    """The folder of initdb and pg_ctl."""
    found = shutil.which("initdb")
    folders = [Path(found).resolve().parent] if found else []
    folders += sorted(INSTALLED.glob("*/bin"), key=lambda path: int(path.parent.name), reverse=True)
    return next((folder for folder in folders if (folder / "pg_ctl").exists()), None)


class OwnPostgres:
    """A server on a port and in a folder of its own, which can be stopped and started again."""

    def __init__(self, programs: Path) -> None:
        self._programs, self._folder = programs, Path(tempfile.mkdtemp(prefix="neural-lab-postgres-"))
        if ROOT:
            shutil.chown(self._folder, USER, USER)
        self.port = _free_port()
        self.url = f"postgresql://{USER}@127.0.0.1:{self.port}/postgres"
        self._run("initdb", "-U", USER, "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8")

    def start(self) -> None:
        settings = "-c listen_addresses=127.0.0.1 -c unix_socket_directories='' -c autovacuum=off"
        log = self._folder / "log"
        self._run("pg_ctl", "-l", log, "-o", f"-p {self.port} {settings}", "-w", "start")

    def stop(self, mode: str = "fast") -> None:
        self._run("pg_ctl", "-m", mode, "-w", "stop")

    def remove(self) -> None:
        with suppress(subprocess.CalledProcessError):  # It may have been stopped.
            self.stop("immediate")
        shutil.rmtree(self._folder)

    def _run(self, program: str, *options: object) -> None:
        _run(self._programs / program, "-D", self._folder / "data", *options)


@contextmanager
def own() -> Iterator[OwnPostgres]:
    """One that a test may stop."""
    needed("asyncpg")
    postgres = OwnPostgres(_programs() or _missing())
    postgres.start()
    try:
        yield postgres
    finally:
        postgres.remove()


def _missing() -> Any:
    message = f"no PostgreSQL: start a server, install one, or set {NAMED}"
    return pytest.fail(message) if os.environ.get("CI") else pytest.skip(message)


def _run(*command: object) -> None:
    """As another user where this one is root, as whom PostgreSQL does not run."""
    become = ["setpriv", f"--reuid={USER}", f"--regid={USER}", "--clear-groups"] if ROOT else []
    # Without its own output: a server that inherits a pipe keeps whoever reads it waiting.
    words = [*become, *map(str, command)]
    subprocess.run(words, check=True, cwd="/", stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def _free_port() -> int:
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        return int(listening.getsockname()[1])
