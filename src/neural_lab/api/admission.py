"""Who asks, and how often, is settled by the headers of a request; only then its body is read."""

from __future__ import annotations

from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from neural_lab.api.bodies import replayed
from neural_lab.api.guards import SAFE
from neural_lab.api.handlers import refusal
from neural_lab.api.matching import matched
from neural_lab.api.rates import DETECT, count, count_door
from neural_lab.errors import LabError

DOORS = frozenset({("POST", "/v1/session"), ("POST", "/v1/account")})
"""Where one logs in, and so need not be logged in; attempts are counted once more by what the body says."""


class Admission:
    """Finds the route and the caller of a request and counts it, and tells in `RateLimit-*` what is left.

    What no route takes, and what GET brings along, is not read at all. The route stands in
    the scope from here on, for the log also where nothing behind this is reached.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        if route := matched(scope):
            scope["route"] = route
        inside = route is not None and _inside(scope["path"])
        if not inside or scope["method"] in SAFE:
            receive = replayed(b"", receive)
        if inside:
            await self._admitted(scope, receive, send)
        else:
            await self._app(scope, receive, send)

    async def _admitted(self, scope: Scope, receive: Receive, send: Send) -> None:
        request, answer = Request(scope), self._app
        try:
            await (count_door if (scope["method"], scope["path"]) in DOORS else count)(request)
        except LabError as error:
            answer = refusal(request, error)
        await answer(scope, receive, _told(request, send))


def _inside(path: str) -> bool:
    """Not the page, probes and figures: none of those has limits, or takes a body."""
    return path == DETECT or path.startswith("/v1/")


def _told(request: Request, send: Send) -> Send:
    async def told(message: Message) -> None:
        if message["type"] == "http.response.start":
            rate = getattr(request.state, "rate", {})
            named = [(name.lower().encode(), value.encode()) for name, value in rate.items()]
            message["headers"] = [*message.get("headers", ()), *named]
        await send(message)

    return told
