"""Jobs given to a service in this process, which works on them or waits."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from concurrent.futures import Future
from contextlib import contextmanager
from typing import Any

import pytest
from api_client import TEXTS
from redis_server import until

from neural_lab.api.engine import Engine

DOCUMENTS = [{"text": text, "title": f"Number {n}"} for n, text in enumerate(TEXTS)]


def added(client: Any, documents: list[dict[str, str]] = DOCUMENTS, **headers: str) -> int:
    answer = client.post("/v1/jobs", json={"documents": documents, "keep": False}, headers=headers)
    assert answer.status_code == 202, answer.text
    assert answer.headers["location"] == f"/v1/jobs/{answer.json()['id']}"
    number: int = answer.json()["id"]
    return number


def running(client: Any, number: int) -> None:
    until(lambda: client.get(f"/v1/jobs/{number}").json()["state"] == "running", 30)


@contextmanager
def holding() -> Iterator[threading.Event]:
    """No document is scored until the event is set."""
    gate, submit = threading.Event(), Engine.submit

    def later(engine: Engine, question: Any, future: Future[Any]) -> None:
        if gate.wait(60) and future.set_running_or_notify_cancel():
            future.set_result(submit(engine, question).result())

    def waiting(self: Engine, question: Any) -> Future[Any]:
        if gate.is_set():
            return submit(self, question)
        future = Future[Any]()
        threading.Thread(target=later, args=(self, question, future)).start()
        return future

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Engine, "submit", waiting)
        try:
            yield gate
        finally:
            gate.set()
