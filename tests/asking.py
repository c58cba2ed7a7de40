"""The service in this process, asked from any address, and browsers that keep its cookies."""

from __future__ import annotations

import asyncio
import json
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from http.cookies import SimpleCookie
from typing import Any
from urllib.parse import quote, urlsplit

from helpers import needed, says_when_to_come_back

HERE, HOST = "127.0.0.1", "127.0.0.1:8000"
SECONDS = 60
EDGE = "edge-of-a-part"


class Form(bytes):
    """A form with one file."""

    kind = f"multipart/form-data; boundary={EDGE}"

    @classmethod
    def of(cls, name: str, data: bytes) -> Form:
        head = f'--{EDGE}\r\ncontent-disposition: form-data; name="file"; filename="{name}"\r\n\r\n'
        return cls(head.encode() + data + f"\r\n--{EDGE}--\r\n".encode())


@dataclass(frozen=True)
class Answer:
    status: int
    headers: tuple[tuple[str, str], ...]
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)

    @property
    def text(self) -> str:
        return self.body.decode()

    def header(self, name: str) -> str | None:
        return dict(self.headers).get(name)

    def cookies(self) -> list[SimpleCookie]:
        return [SimpleCookie(value) for name, value in self.headers if name == "set-cookie"]


class Site:
    """An application whose lifespan runs in a thread, with a loop of its own."""

    def __init__(self, app: Any) -> None:
        self.app, self._loop = app, asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._thread.start()
        self._life = app.router.lifespan_context(app)
        self._wait(self._life.__aenter__())

    @property
    def worker(self) -> Any:
        return self.app.state.worker

    def close(self) -> None:
        self._wait(self._life.__aexit__(None, None, None))
        self._wait(self._loop.shutdown_default_executor())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    def ask(
        self,
        method: str,
        path: str,
        body: Any = None,
        headers: Mapping[str, str] | list[tuple[str, str]] | None = None,
        client: str | None = HERE,
    ) -> Answer:
        """`body` is sent as JSON, unless it is bytes; those are JSON or a form."""
        pairs = [*(headers.items() if isinstance(headers, Mapping) else headers or [])]
        named = {name.lower() for name, _ in pairs}
        data = body if isinstance(body, bytes) else b"" if body is None else json.dumps(body).encode()
        kind = body.kind if isinstance(body, Form) else "application/json"
        usual = [("host", HOST)] + ([("content-type", kind)] if body is not None else [])
        pairs += [(name, value) for name, value in usual if name not in named]
        return self._wait(self._asked(method, path, data, pairs, client))

    async def _asked(
        self, method: str, path: str, body: bytes, headers: list[tuple[str, str]], client: str | None
    ) -> Answer:
        parts = urlsplit(path)
        scope = {
            "type": "http",
            "asgi": {"version": "3.0"},
            "http_version": "1.1",
            "method": method,
            "scheme": "http",
            "path": parts.path,
            "raw_path": quote(parts.path).encode(),
            "query_string": parts.query.encode(),
            "root_path": "",
            "headers": [(name.lower().encode(), value.encode("latin-1")) for name, value in headers],
            "client": (client, 50_000) if client is not None else None,
            "server": (HERE, 8000),
        }
        told = [{"type": "http.request", "body": body, "more_body": False}]
        found: list[dict[str, Any]] = []
        done = asyncio.Event()

        async def receive() -> dict[str, Any]:
            if told:
                return told.pop()
            await done.wait()
            return {"type": "http.disconnect"}

        async def send(message: dict[str, Any]) -> None:
            found.append(message)
            if message["type"] == "http.response.body" and not message.get("more_body"):
                done.set()

        await self.app(scope, receive, send)
        pairs = tuple(
            (name.decode("latin-1").lower(), value.decode("latin-1")) for name, value in found[0]["headers"]
        )
        says_when_to_come_back(found[0]["status"], dict(pairs))
        return Answer(found[0]["status"], pairs, b"".join(each.get("body", b"") for each in found[1:]))

    def _wait(self, coroutine: Any) -> Any:
        return asyncio.run_coroutine_threadsafe(coroutine, self._loop).result(SECONDS)


class Browser:
    """Sends the cookies that it was given, as the page of the service itself does."""

    def __init__(self, site: Site, client: str = HERE, host: str = HOST) -> None:
        self._site, self._client, self._host = site, client, host
        self.cookies: dict[str, str] = {}

    def ask(self, method: str, path: str, body: Any = None, **headers: str) -> Answer:
        given = {"host": self._host, "origin": f"http://{self._host}", "sec-fetch-site": "same-origin"}
        if self.cookies:
            given["cookie"] = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        given |= {name.replace("_", "-"): value for name, value in headers.items()}
        answer = self._site.ask(method, path, body, given, self._client)
        for cookie in answer.cookies():
            for name, morsel in cookie.items():
                self.cookies[name] = morsel.value
                if morsel["max-age"] == "0":
                    del self.cookies[name]
        return answer

    def log_in(self, name: str, password: str) -> Answer:
        return self.ask("POST", "/v1/session", {"name": name, "password": password})


@contextmanager
def site(**settings: Any) -> Iterator[Site]:
    """The service with `settings`, in the home of the test."""
    for module in ("fastapi", "argon2", "limits", "structlog", "prometheus_client", "psutil"):
        needed(module)
    from neural_lab.api.app import create_app
    from neural_lab.api.config import ServeConfig

    opened = Site(create_app(ServeConfig(**settings).checked()))
    try:
        yield opened
    finally:
        opened.close()


def quick_passwords(monkeypatch: Any) -> None:
    """Hashes that take no time."""
    needed("argon2")
    from argon2 import PasswordHasher

    from neural_lab.api import passwords

    quick = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
    monkeypatch.setattr(passwords, "_HASHER", quick)
    monkeypatch.setattr(passwords, "_NOBODY", quick.hash("nobody"))


def without_detector(monkeypatch: Any) -> None:
    """Services are there at once, and answer all that needs no detector."""
    needed("fastapi")
    from neural_lab.api import loading
    from neural_lab.errors import ModelUnavailable

    def none(*_: object, **__: object) -> None:
        raise ModelUnavailable("none", "There is no detector here.")

    monkeypatch.setattr(loading, "open_lab", none)
