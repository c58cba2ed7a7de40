"""Whoever is refused for a while is told for how long."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from asking import Answer, Site, quick_passwords, site, without_detector
from helpers import needed
from redis_server import free_port

needed("fastapi")
needed("limits")

from neural_lab import errors
from neural_lab.api import passwords
from neural_lab.api.problems import LATER, PATIENCE, STATUS, of_error

TEXTS = {"texts": ["The bus was late this morning, so I walked home."]}
AWAY, WRONG = "203.0.113.9", {"name": "ada", "password": "wrong"}
WHILE = [kind for kind, status in STATUS.items() if status in LATER]


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch) -> None:
    quick_passwords(monkeypatch)
    without_detector(monkeypatch)


def refused(lab: Site, status: int, ask: Callable[[], Answer]) -> Answer:
    """The first answer of that status, which comes soon."""
    for _ in range(6):
        if (answer := ask()).status == status:
            return answer
    raise AssertionError(answer)


def waits(answer: Answer) -> float:
    """Seconds, told once and as a whole number."""
    (told,) = [value for name, value in answer.headers if name == "retry-after"]
    assert told.isdecimal()
    return int(told)


@pytest.mark.parametrize("kind", WHILE)
def test_every_error_that_passes_says_when(kind: type[errors.LabError]) -> None:
    assert {errors.RateLimited, errors.Overloaded, errors.StoreUnavailable} <= set(WHILE)
    answer = of_error(kind("code", "Words."))
    assert int(answer.headers["retry-after"]) == (1 if issubclass(kind, errors.TryLater) else PATIENCE)


@pytest.mark.parametrize(("given", "told"), [(0.0, "1"), (-3, "1"), (0.2, "1"), (1.01, "2"), (61, "61")])
def test_it_is_a_whole_number_that_is_long_enough(given: float, told: str) -> None:
    for kind in (errors.RateLimited, errors.Overloaded):
        assert of_error(kind("code", "Words.", given)).headers["retry-after"] == told


@pytest.mark.parametrize(
    ("settings", "method", "path", "body", "client"),
    [
        ({"rate": "1/60"}, "GET", "/v1/history", None, "127.0.0.1"),
        ({"detect_rate": "1/60"}, "POST", "/detect", {}, "127.0.0.1"),
        ({"character_rate": "60/60"}, "POST", "/v1/library", {"sources": [{"text": "w" * 40}]}, "127.0.0.1"),
        ({"accounts": True, "rate": "1/60"}, "GET", "/v1/history", None, AWAY),
        ({"accounts": True, "rate": "1/60"}, "GET", "/metrics", None, AWAY),
        ({"accounts": True, "login_rate": "1/60"}, "POST", "/v1/session", WRONG, AWAY),
    ],
)
def test_every_limit_says_when(
    settings: dict[str, Any], method: str, path: str, body: Any, client: str
) -> None:
    with site(**settings) as lab:
        answer = refused(lab, 429, lambda: lab.ask(method, path, body, client=client))
        assert 1 <= waits(answer) <= 60


def test_without_redis_a_refusal_says_when() -> None:
    with site(redis=f"redis://127.0.0.1:{free_port()}/0", when_redis_is_away="refuse") as lab:
        assert 1 <= waits(refused(lab, 429, lambda: lab.ask("GET", "/v1/history"))) <= 60


Trouble = Callable[[Site, pytest.MonkeyPatch, Path], None]


def store_away(lab: Site, patch: pytest.MonkeyPatch, home: Path) -> None:
    (home / "lab.db").rename(home / "moved.db")


def nothing(lab: Site, patch: pytest.MonkeyPatch, home: Path) -> None:
    """There is no detector."""


def closing(lab: Site, patch: pytest.MonkeyPatch, home: Path) -> None:
    lab.worker.closed = True


def full(lab: Site, patch: pytest.MonkeyPatch, home: Path) -> None:
    patch.setattr(lab.worker.memory, "over", lambda most: True)


@pytest.mark.parametrize(
    ("trouble", "method", "path", "body"),
    [
        (nothing, "POST", "/detect", TEXTS),
        (nothing, "GET", "/readyz", None),
        (nothing, "HEAD", "/readyz", None),
        (nothing, "GET", "/health", None),
        (store_away, "GET", "/health", None),
        (store_away, "GET", "/v1/history", None),
        (closing, "POST", "/v1/jobs", {"documents": [{"text": "Words."}]}),
        (full, "POST", "/v1/documents", {"text": "Words."}),
        (full, "GET", "/readyz", None),
    ],
)
def test_whatever_is_missing_says_when(
    trouble: Trouble, method: str, path: str, body: Any, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with site() as lab:
        trouble(lab, monkeypatch, home)
        assert waits(refused(lab, 503, lambda: lab.ask(method, path, body))) >= 1


def test_when_too_many_log_in_at_once_they_are_told_when(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(passwords, "MOST_WAITING", -passwords.AT_ONCE)
    with site(accounts=True) as lab:
        assert waits(refused(lab, 503, lambda: lab.ask("POST", "/v1/session", WRONG))) >= 1
