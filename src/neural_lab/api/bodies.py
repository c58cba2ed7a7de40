"""What a body has to be before a route sees it: small enough, in time, and of a type that is read."""

from __future__ import annotations

import asyncio
from collections.abc import Collection
from email.message import Message as Mime

from starlette.datastructures import Headers
from starlette.responses import Response
from starlette.routing import Match
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from neural_lab.api.problems import problem

BODY_SECONDS = 30
JSON, FORM = "application/json", "multipart/form-data"
CHARSETS = frozenset({"utf-8", "utf8", "us-ascii"})


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


class Media:
    """Refuses bodies that are compressed or neither JSON nor, on the paths in `forms`, a form.

    What a route cannot read would otherwise be refused field by field.
    """

    def __init__(self, app: ASGIApp, forms: Collection[str] = ()) -> None:
        self._app, self._forms = app, forms

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        said = self._wrong(scope) if scope["type"] == "http" else None
        if said and _routed(scope):
            await problem(415, "media_type", said, headers={"Accept": JSON})(scope, receive, send)
        else:
            await self._app(scope, receive, send)

    def _wrong(self, scope: Scope) -> str | None:
        """What is wrong with the headers of a body, or None, also where there is no body."""
        headers = Headers(scope=scope)
        if headers.get("content-encoding", "identity").strip().lower() != "identity":
            return "Send the body as it is, not compressed."
        if headers.get("content-length", "0") == "0" and "transfer-encoding" not in headers:
            return None
        mime = Mime()
        mime["content-type"] = headers.get("content-type", "")
        given = mime.get_content_type() if mime["content-type"] else ""
        if given == JSON:
            return None if mime.get_content_charset("utf-8") in CHARSETS else "JSON has to be UTF-8."
        form = scope["path"] in self._forms
        right = given == FORM and form
        return None if right else f"Send the body as {JSON}{f' or {FORM}' if form else ''}."


def _routed(scope: Scope) -> bool:
    """Whether a route takes the request: paths and methods that there are not have errors of their own."""
    return any(route.matches(scope)[0] is Match.FULL for route in scope["app"].routes)
