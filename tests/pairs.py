"""Two instances behind the nginx of `deploy`, with one PostgreSQL and one Redis, and a user of theirs."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from functools import cached_property
from pathlib import Path
from typing import Any

import postgres_server
import redis_server
from balancer import balancer
from serving import WITHOUT_LIMITS, Answer, Service, ask, service

NAME, PASSWORD = "ada", "correct horse battery staple"
SCOPES = ["detect", "history", "jobs", "documents"]


class Pair:
    def __init__(self, instances: Sequence[Service], port: int) -> None:
        self.instances, self.port = instances, port
        self.ports = [each.port for each in instances]

    def ask(self, *words: Any, **headers: str) -> Answer:
        """Through nginx."""
        return ask(self.port, *words, tls=True, **headers)

    @cached_property
    def session(self) -> str:
        answer = self.ask("POST", "/v1/session", {"name": NAME, "password": PASSWORD})
        assert answer.status == 200
        return answer.cookies

    def key(self) -> str:
        made = self.ask("POST", "/v1/account/keys", {"label": "test", "scopes": SCOPES}, Cookie=self.session)
        return f"Bearer {made.json['key']}"


@contextmanager
def pair(folder: Path, **settings: str) -> Iterator[Pair]:
    with ExitStack() as stack:
        redis = stack.enter_context(redis_server.own())
        store = stack.enter_context(postgres_server.database())
        common = {
            **WITHOUT_LIMITS,
            "ACCOUNTS": "1",
            "REDIS": redis.url,
            "SECRET": "s" * 40,
            "SECURE_COOKIES": "1",
            "STORE": store,
            "THREADS": "1",
            "TRUSTED_PROXIES": "127.0.0.1/32",
        }
        instances = [stack.enter_context(service(folder / name, **common | settings)) for name in "ab"]
        _add_user(instances[0])
        port = stack.enter_context(balancer(folder, [each.port for each in instances]))
        yield Pair(instances, port)


def _add_user(instance: Service) -> None:
    command = [sys.executable, "-m", "neural_lab", "user", "add", NAME]
    subprocess.run(command, input=PASSWORD.encode(), env=instance.environment, check=True, timeout=60)
