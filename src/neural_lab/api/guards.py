"""What every request passes before a route sees it: sizes, times, origins, and the headers of answers."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from urllib.parse import urlsplit

from starlette.datastructures import Headers
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from neural_lab.api.problems import problem

LOCAL_NAMES = frozenset({"localhost", "127.0.0.1", "::1"})
SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
SECURITY = (
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"no-referrer"),
    (b"x-frame-options", b"DENY"),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"cross-origin-resource-policy", b"same-origin"),
    (b"permissions-policy", b"camera=(), microphone=(), geolocation=()"),
    (b"cache-control", b"no-store"),
)
POLICY = b"default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'"
BODY_SECONDS = 30


class SecurityHeaders:
    """Headers of every answer; a page may set a content security policy of its own."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = message.setdefault("headers", [])
                named = {name.lower() for name, _ in headers}
                extra = (*SECURITY, (b"content-security-policy", POLICY))
                message["headers"] = [*headers, *(pair for pair in extra if pair[0] not in named)]
            await send(message)

        await self._app(scope, receive, guarded if scope["type"] == "http" else send)


class BodyLimit:
    """Refuses bodies that are too large, as declared or as they come, and those that take too long."""

    def __init__(self, app: ASGIApp, most: int, seconds: float = BODY_SECONDS) -> None:
        self._app, self._most, self._seconds = app, most, seconds

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        if self._declared(scope) > self._most:
            await self._refusal(413)(scope, receive, send)
            return
        try:
            body = await asyncio.wait_for(self._read(receive), self._seconds)
        except (TimeoutError, _TooLargeError) as error:
            await self._refusal(413 if isinstance(error, _TooLargeError) else 408)(scope, receive, send)
            return
        if body is not None:
            await self._app(scope, _replayed(body, receive), send)

    async def _read(self, receive: Receive) -> bytes | None:
        """The whole body, or None when the client went away."""
        parts, size, more = [], 0, True
        while more:
            message = await receive()
            if message["type"] == "http.disconnect":
                return None
            part = message.get("body", b"")
            size += len(part)
            if size > self._most:
                raise _TooLargeError
            parts.append(part)
            more = message.get("more_body", False)
        return b"".join(parts)

    def _declared(self, scope: Scope) -> int:
        length = Headers(scope=scope).get("content-length", "0")
        return int(length) if length.isdecimal() and len(length) < 20 else self._most + 1

    def _refusal(self, status: int) -> Response:
        said = f"A body may have {self._most:,} bytes." if status == 413 else "The body came too slowly."
        return problem(
            status, "too_large" if status == 413 else "too_slow", said, headers={"Connection": "close"}
        )


class _TooLargeError(Exception):
    pass


def _replayed(body: bytes, receive: Receive) -> Receive:
    """The body in one message, and then whatever the connection has to say."""
    given = iter([{"type": "http.request", "body": body, "more_body": False}])

    async def replay() -> Message:
        return next(given, None) or await receive()

    return replay


class Origins:
    """Refuses names that are not the service's own (DNS rebinding) and changes asked for by other pages.

    `hosts` are names without a port, `pages` origins that may call nevertheless. A
    request with a key of its own comes from a program and needs no page.
    """

    def __init__(self, app: ASGIApp, hosts: Iterable[str], pages: Iterable[str] = ()) -> None:
        self._app = app
        self._hosts = frozenset(name.lower() for name in hosts)
        self._pages = frozenset(pages)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or self._right(Headers(scope=scope), scope["method"]):
            await self._app(scope, receive, send)
            return
        said = "The request comes from another page, or names another host."
        await problem(403, "wrong_origin", said)(scope, receive, send)

    def _right(self, headers: Headers, method: str) -> bool:
        if self._hosts and host_name(headers.get("host", "")) not in self._hosts:
            return False
        if method in SAFE or "authorization" in headers:
            return True
        origin = headers.get("origin")
        if origin in self._pages:
            return True
        if headers.get("sec-fetch-site", "same-origin") not in ("same-origin", "none"):
            return False
        return origin is None or urlsplit(origin).netloc.lower() == headers.get("host", "").lower()


def host_name(host: str) -> str:
    """The name of a `Host` header without its port."""
    name, _, port = host.rpartition(":")
    found = name if port.isdecimal() and name else host
    return found.strip("[]").lower()


class Crowd:
    """At most so many requests at once; what is more is refused at once, but probes are not."""

    def __init__(self, app: ASGIApp, most: int) -> None:
        self._app, self._most, self._now = app, most, 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["path"] in PROBES:
            await self._app(scope, receive, send)
            return
        if self._now >= self._most:
            await problem(
                503, "too_many_at_once", "Too many requests at once.", headers={"Retry-After": "1"}
            )(scope, receive, send)
            return
        self._now += 1
        try:
            await self._app(scope, receive, send)
        finally:
            self._now -= 1


PROBES = frozenset({"/livez", "/readyz"})
