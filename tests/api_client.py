"""The service in this process, asked as a client does, and what its problems look like."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from helpers import needed, says_when_to_come_back
from redis_server import until

for module in ("fastapi", "httpx2"):
    needed(module)
from starlette.testclient import TestClient

from neural_lab.api.app import create_app
from neural_lab.api.config import ServeConfig

MANY = "1000000/1"
UNLIMITED = {"detect_rate": MANY, "rate": MANY, "character_rate": "900000000/1"}
PROBLEM = "application/problem+json"
JSON = {"content-type": "application/json"}
SHORT = "The bus was late. I walked home along the river instead."
TEXTS = (
    SHORT,
    "In conclusion, it is important to note that collaboration drives meaningful and sustainable outcomes.",
    "My sister has the notebook now, and I have the wall, or what is left of it after the storm.",
    "Water boils at a lower temperature on mountains because the air presses less on it there.",
)
ENDS = ("done", "failed", "cancelled")


@contextmanager
def in_process(home: Path, ready: bool = True, **config: Any) -> Iterator[TestClient]:
    """A client of an application that keeps everything in `home`; errors of the server are its answers."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("NEURAL_LAB_HOME", str(home))
        app = create_app(ServeConfig(**UNLIMITED | config))
        with TestClient(app, base_url="http://localhost", raise_server_exceptions=False) as client:
            client.event_hooks = {"response": [lambda a: says_when_to_come_back(a.status_code, a.headers)]}
            if ready:
                until(lambda: client.get("/readyz").status_code == 200, 60)
            yield client


def ended(client: Any, number: int) -> dict[str, Any]:
    """A job once it has ended."""
    until(lambda: client.get(f"/v1/jobs/{number}").json()["state"] in ENDS, 120)
    found: dict[str, Any] = client.get(f"/v1/jobs/{number}").json()
    return found


def is_problem(answer: Any, status: int, code: str | None = None) -> dict[str, Any]:
    """The body of an answer, which is a problem of that status and code."""
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == PROBLEM
    body: dict[str, Any] = json.loads(answer.content)
    assert set(body) == {"type", "title", "status", "detail", "code", "request_id", "errors"}
    assert body["status"] == status
    assert body["type"] == f"urn:neural-lab:problem:{body['code']}"
    assert code in (None, body["code"]), body
    return body
