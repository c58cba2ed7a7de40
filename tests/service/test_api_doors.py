"""Where anybody may come, nobody can stand in the way of the others."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from typing import Any

import pytest
from asking import HOST, Browser, Site, quick_passwords, site, without_detector
from helpers import needed
from redis_server import until

needed("fastapi")
needed("argon2")

from neural_lab.api import bodies
from neural_lab.api.admission import DOORS
from neural_lab.api.guards import MOST_AT_DOORS

PASSWORD, AWAY = "correct horse battery", "203.0.113.9"


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch) -> None:
    quick_passwords(monkeypatch)
    without_detector(monkeypatch)


@pytest.fixture
def lab() -> Iterator[Site]:
    with site(accounts=True, sign_up=True, rate="6/60") as opened:
        yield opened


async def unread(app: Any, method: str, path: str, address: str = AWAY) -> int:
    """The status of an answer to a request whose body never comes."""
    answers: list[dict[str, Any]] = []

    async def never() -> dict[str, Any]:
        await asyncio.sleep(60)
        raise AssertionError

    async def send(message: dict[str, Any]) -> None:
        answers.append(message)

    headers = [(b"host", HOST.encode()), (b"content-type", b"application/json"), (b"content-length", b"900")]
    scope = {"type": "http", "method": method, "path": path, "headers": headers, "query_string": b""}
    await app({**scope, "client": (address, 1), "root_path": ""}, never, send)
    return int(answers[0]["status"])


def come(lab: Site, method: str, path: str, address: str = AWAY) -> Any:
    return asyncio.run_coroutine_threadsafe(unread(lab.app, method, path, address), lab._loop)


@pytest.mark.parametrize(("method", "path"), sorted(DOORS))
def test_a_stranger_is_counted_before_anything_is_read(lab: Site, method: str, path: str) -> None:
    for _ in range(6):
        assert lab.ask(method, path, b"{", client=AWAY).status == 422
    assert come(lab, method, path).result(3) == 429
    assert lab.ask(method, path, b"{").status == 422


def test_guessers_at_the_same_address_keep_no_known_browser_out(lab: Site) -> None:
    ada = Browser(lab, AWAY)
    assert ada.ask("POST", "/v1/account", {"name": "ada", "password": PASSWORD}).status == 201
    while lab.ask("POST", "/v1/session", b"{", client=AWAY).status != 429:
        pass
    assert ada.log_in("ada", PASSWORD).status == 200
    forged = {"cookie": "neural_lab_known=0123-4567.89"}
    assert lab.ask("POST", "/v1/session", b"{", forged, AWAY).status == 429


def test_slow_strangers_leave_room_for_everybody_else() -> None:
    with site(accounts=True, sign_up=True) as lab:
        ada = Browser(lab)
        assert ada.ask("POST", "/v1/account", {"name": "ada", "password": PASSWORD}).status == 201
        slow = [come(lab, "POST", "/v1/session") for _ in range(MOST_AT_DOORS)]
        late = [come(lab, "POST", "/v1/session").result(3) for _ in range(3)]
        assert late == [503] * 3
        assert ada.ask("GET", "/v1/history").status == 200
        assert not any(each.done() for each in slow)
        for each in slow:
            each.cancel()
        until(lambda: ada.log_in("ada", PASSWORD).status == 200)


@pytest.mark.parametrize(("method", "path"), sorted(DOORS))
def test_they_have_few_seconds(lab: Site, monkeypatch: pytest.MonkeyPatch, method: str, path: str) -> None:
    assert bodies.SHORT_SECONDS == 5
    monkeypatch.setattr(bodies, "SHORT_SECONDS", 0.2)
    assert come(lab, method, path).result(3) == 408
