"""What every request passes before a route sees it: origins, numbers, and the headers of answers."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from urllib.parse import urlsplit

from starlette.datastructures import Headers
from starlette.middleware.cors import CORSMiddleware
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


class Origins:
    """Refuses names that are not the service's own (DNS rebinding) and what other pages ask for.

    `hosts` are names without a port, `pages` origins that may call nevertheless; with
    `*` any page may read, and change things with a key of its own. Other pages may no
    more than lead here: what they embed or fetch is refused, so that they can neither
    change anything nor use up limits. Programs send none of the headers looked at.
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
        if headers.get("origin") in self._pages or self._with_key(headers, method):
            return True
        if headers.get("sec-fetch-site", "none") not in ("same-origin", "none"):
            return method in SAFE and headers.get("sec-fetch-mode") == "navigate"
        return method in SAFE or _own(headers)

    def _with_key(self, headers: Headers, method: str) -> bool:
        bearer = headers.get("authorization", "").lower().startswith("bearer ")
        return "*" in self._pages and (bearer or method in SAFE)


def _own(headers: Headers) -> bool:
    """Whether the page that asks, if one does, has the name under which it asks."""
    origin = headers.get("origin")
    # A form of a page that sends no referrer, as ours, tells no origin: what the browser says of it holds.
    if origin is None or (origin == "null" and headers.get("sec-fetch-site") == "same-origin"):
        return True
    try:
        return urlsplit(origin).netloc.lower() == headers.get("host", "").lower() != ""
    except ValueError:
        return False


def host_name(host: str) -> str:
    """The name of a `Host` header without its port."""
    name, _, port = host.rpartition(":")
    found = name if port.isdecimal() and name else host
    return found.strip("[]").lower()


class Crowd:
    """At most so many requests at once; what is more is refused at once, but probes are not.

    Those to `doors`, which anybody may send, are counted apart, `MOST_AT_DOORS` at most:
    however many strangers there are, who is inside goes on.
    """

    def __init__(self, app: ASGIApp, most: int, doors: Collection[tuple[str, str]] = ()) -> None:
        self._app, self._doors = app, doors
        self._most, self._now = (most, min(most, MOST_AT_DOORS)), [0, 0]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["path"] in PROBES:
            await self._app(scope, receive, send)
            return
        at = (scope["method"], scope["path"]) in self._doors
        if self._now[at] >= self._most[at]:
            await problem(
                503, "too_many_at_once", "Too many requests at once.", headers={"Retry-After": "1"}
            )(scope, receive, send)
            return
        self._now[at] += 1
        try:
            await self._app(scope, receive, send)
        finally:
            self._now[at] -= 1


PROBES = frozenset({"/livez", "/readyz"})
MOST_AT_DOORS = 64


class Cors(CORSMiddleware):
    """Starlette's, whose refusals are plain text."""

    def preflight_response(self, request_headers: Headers) -> Response:
        found = super().preflight_response(request_headers)
        if found.status_code < 400:
            return found
        return problem(403, "wrong_origin", "Pages from there may not ask for that.")
