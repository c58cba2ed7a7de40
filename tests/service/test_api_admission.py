"""Who asks, and how often, is settled before anything that was sent is read."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator
from typing import Any

import pytest
from asking import HOST, Answer, Browser, Site, quick_passwords, site, without_detector
from helpers import needed

needed("fastapi")
needed("argon2")

from neural_lab.api.admission import DOORS
from neural_lab.api.app import create_app
from neural_lab.api.bodies import FEW
from neural_lab.api.config import ServeConfig

PASSWORD, AWAY = "correct horse battery", "203.0.113.9"
BAD = b'{"texts": ['
PATHS = create_app(ServeConfig()).openapi()["paths"]
TAKING = [
    (method.upper(), path.replace("{number}", "1"))
    for path, operations in PATHS.items()
    for method, operation in operations.items()
    if "requestBody" in operation
]
CLOSED = [pair for pair in TAKING if pair not in DOORS]
RATES = ("ratelimit-limit", "ratelimit-remaining", "ratelimit-reset", "ratelimit-policy")


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch) -> None:
    quick_passwords(monkeypatch)
    without_detector(monkeypatch)


@pytest.fixture
def lab() -> Iterator[Site]:
    with site(accounts=True, sign_up=True, rate="6/60", detect_rate="4/60") as opened:
        yield opened


def told(answer: Answer) -> list[str]:
    return [name for name, _ in answer.headers if name.startswith("ratelimit")]


def test_there_are_routes_that_take_bodies() -> None:
    assert len(CLOSED) >= 8
    assert set(TAKING) >= DOORS


@pytest.mark.parametrize(("method", "path"), CLOSED)
def test_malformed_json_of_a_stranger_is_answered_as_any_request_of_a_stranger(
    lab: Site, method: str, path: str
) -> None:
    found = [lab.ask(method, path, BAD, client=AWAY) for _ in range(8)]
    assert [answer.status for answer in found] == [401] * 6 + [429] * 2
    assert int(found[-1].header("retry-after") or 0) >= 1
    assert lab.ask(method, path, BAD, {"authorization": "Bearer nlk_wrong"}, AWAY).status == 429
    assert lab.ask(method, path, BAD).status == 401


def test_malformed_json_of_a_caller_counts_as_any_request(lab: Site) -> None:
    ada = Browser(lab)
    assert ada.ask("POST", "/v1/account", {"name": "ada", "password": PASSWORD}).status == 201
    found = [ada.ask("POST", "/detect", BAD) for _ in range(6)]
    assert [answer.status for answer in found] == [422] * 4 + [429] * 2
    assert [answer.header("ratelimit-remaining") for answer in found] == ["3", "2", "1", "0", "0", "0"]
    assert {answer.json["code"] for answer in found} == {"invalid_input", "rate_limited"}


@pytest.mark.parametrize(
    ("body", "headers", "status"),
    [
        ({}, {}, 422),
        (b'{"texts": ["\xff"]}', {}, 422),
        (b"words", {"content-type": "text/plain"}, 415),
        (b"{}", {"content-length": "99999999999"}, 413),
        ({"texts": ["A text of ten characters."]}, {}, 503),
    ],
)
def test_every_answer_tells_once_what_is_left(body: Any, headers: dict[str, str], status: int) -> None:
    with site(detect_rate="9/60") as lab:
        answer = lab.ask("POST", "/detect", body, headers)
        assert (answer.status, sorted(told(answer))) == (status, sorted(RATES))
        assert answer.header("ratelimit-remaining") == "8"
        for path in ("/livez", "/health", "/openapi.json", "/nowhere"):
            assert told(lab.ask("GET", path)) == []


async def unread(app: Any, method: str, path: str) -> int:
    """The status of an answer that is given although the body never comes."""
    answers: list[dict[str, Any]] = []

    async def never() -> dict[str, Any]:
        await asyncio.sleep(60)
        raise AssertionError

    async def send(message: dict[str, Any]) -> None:
        answers.append(message)

    headers = [(b"host", HOST.encode()), (b"content-type", b"application/json"), (b"content-length", b"900")]
    scope = {"type": "http", "method": method, "path": path, "headers": headers, "query_string": b""}
    await asyncio.wait_for(app({**scope, "client": (AWAY, 1), "root_path": ""}, never, send), 10)
    return int(answers[0]["status"])


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("POST", "/detect", 401),
        ("POST", "/v1/documents", 401),
        ("DELETE", "/v1/history", 401),
        ("POST", "/nowhere", 404),
        ("PUT", "/v1/history", 405),
        ("POST", "/livez", 405),
        ("POST", "/static/main.js", 405),
        ("GET", "/livez", 200),
        ("GET", "/health", 503),
    ],
)
def test_a_body_that_nobody_asked_for_is_not_waited_for(
    lab: Site, method: str, path: str, status: int
) -> None:
    assert lab._wait(unread(lab.app, method, path)) == status


@pytest.mark.parametrize(("method", "path"), sorted(DOORS))
def test_where_one_logs_in_a_body_is_short_and_the_longest_name_and_password_fit(
    lab: Site, method: str, path: str
) -> None:
    longest = json.dumps({"name": "\U00010384" * 64, "password": "\U0001f511" * 1_000}).encode()
    assert 12_000 < len(longest) < FEW
    assert lab.ask(method, path, longest).json["code"] in ("not_logged_in", "password")
    large = lab.ask(method, path, b" " * (FEW + 1))
    assert (large.status, large.json["detail"]) == (413, f"A body may have {FEW:,} bytes.")


def test_the_log_knows_the_route_of_what_was_refused(capfd: pytest.CaptureFixture[str]) -> None:
    with site(accounts=True) as lab:
        lab.ask("POST", "/v1/jobs", BAD, client=AWAY)
        lab.ask("POST", "/v1/session", b" " * (FEW + 1))
    lines = [json.loads(line) for line in capfd.readouterr().err.splitlines() if '"request"' in line]
    assert [(line["route"], line["status"]) for line in lines] == [("/v1/jobs", 401), ("/v1/session", 413)]
