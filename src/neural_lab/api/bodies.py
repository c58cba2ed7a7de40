"""What a body has to be before a route sees it: small enough, and there in time."""

from __future__ import annotations

import asyncio
from collections.abc import Collection

from starlette.datastructures import Headers
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from neural_lab.api.problems import problem

BODY_SECONDS, SHORT_SECONDS, FEW = 30, 5, 16 << 10


class BodyLimit:
    """Refuses bodies that are too large, as declared or as they come, and those that take too long.

    On the paths in `short`, where strangers send a name and a password, a body has `FEW` bytes at most,
    and `SHORT_SECONDS`.
    """

    def __init__(
        self, app: ASGIApp, most: int, seconds: float = BODY_SECONDS, short: Collection[str] = ()
    ) -> None:
        self._app, self._most, self._seconds, self._short = app, most, seconds, short

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        most, seconds = self._most, self._seconds
        if scope["path"] in self._short:
            most, seconds = min(most, FEW), min(seconds, SHORT_SECONDS)
        try:
            body = await asyncio.wait_for(_read(scope, receive, most), seconds)
        except (TimeoutError, _TooLargeError) as error:
            await _refusal(isinstance(error, _TooLargeError), most)(scope, receive, send)
            return
        if body is not None:
            await self._app(scope, replayed(body, receive), send)


async def _read(scope: Scope, receive: Receive, most: int) -> bytes | None:
    """The whole body, or None when the client went away."""
    if _declared(scope, most) > most:
        raise _TooLargeError
    parts, size, more = [], 0, True
    while more:
        message = await receive()
        if message["type"] == "http.disconnect":
            return None
        part = message.get("body", b"")
        size += len(part)
        if size > most:
            raise _TooLargeError
        parts.append(part)
        more = message.get("more_body", False)
    return b"".join(parts)


def _declared(scope: Scope, most: int) -> int:
    length = Headers(scope=scope).get("content-length", "0")
    return int(length) if length.isdecimal() and len(length) < 20 else most + 1


def _refusal(large: bool, most: int) -> Response:
    headers = {"Connection": "close"}
    if large:
        return problem(413, "too_large", f"A body may have {most:,} bytes.", headers=headers)
    return problem(408, "too_slow", "The body came too slowly.", headers=headers)


class _TooLargeError(Exception):
    pass


def replayed(body: bytes, receive: Receive) -> Receive:
    """The body in one message, and then whatever the connection has to say."""
    given = iter([{"type": "http.request", "body": body, "more_body": False}])

    async def replay() -> Message:
        return next(given, None) or await receive()

    return replay
