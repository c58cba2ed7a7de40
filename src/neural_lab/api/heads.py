"""HEAD: what GET would answer, without the body."""

from __future__ import annotations

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from neural_lab.api.matching import matched


class Heads:
    """Answers HEAD wherever there is a GET, with the same status and headers; nothing else is told of it."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        asked = {**scope, "method": "GET"}
        if not _answered_as(asked, scope):
            await self._app(scope, receive, send)
            return
        try:
            await self._app(asked, receive, _bodiless(send))
        except _EnoughError:
            pass
        finally:
            # The log and the figures stand outside, and know the route by this.
            scope["route"] = asked.get("route")


def _answered_as(asked: Scope, scope: Scope) -> bool:
    head = scope["type"] == "http" and scope["method"] == "HEAD"
    return head and not matched(scope) and matched(asked) is not None


class _EnoughError(Exception):
    """A stream, which may last, has begun: its headers are all that is asked for."""


def _bodiless(send: Send) -> Send:
    async def headers_alone(message: Message) -> None:
        if message["type"] != "http.response.body":
            await send(message)
            return
        await send({"type": "http.response.body", "body": b"", "more_body": False})
        if message.get("more_body"):
            raise _EnoughError

    return headers_alone
