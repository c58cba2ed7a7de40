"""Structured logs: one JSON line a request, with its id, and nothing that a user wrote."""

from __future__ import annotations

import logging
import re
import secrets
import sys
import time
from contextvars import ContextVar
from typing import Any

import structlog
from starlette.types import ASGIApp, Message, Receive, Scope, Send

HEADER = "x-request-id"
_GIVEN = re.compile(r"[A-Za-z0-9_-]{8,64}")
_REQUEST: ContextVar[str] = ContextVar("request_id", default="")


def request_id() -> str:
    """The id of the request that is being answered, or "" outside any."""
    return _REQUEST.get()


def configure() -> None:
    """JSON lines on standard error."""
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.JSONRenderer(),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
        logger_factory=structlog.WriteLoggerFactory(sys.stderr),
    )


def log() -> Any:
    return structlog.get_logger().bind(request_id=request_id())


class RequestLog:
    """Gives every request an id, and writes method, route, status and time when it was answered.

    The route is the template (`/v1/history/{number}`), never the path: paths and
    queries are a user's words, too.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        name, begun, status = _named(scope), time.perf_counter(), [500]
        token = _REQUEST.set(name)

        async def noted(message: Message) -> None:
            if message["type"] == "http.response.start":
                status[0] = message["status"]
                message["headers"] = [*message.get("headers", ()), (HEADER.encode(), name.encode())]
            await send(message)

        try:
            await self._app(scope, receive, noted)
        finally:
            _REQUEST.reset(token)
            self._write(scope, name, status[0], time.perf_counter() - begun)

    def _write(self, scope: Scope, name: str, status: int, seconds: float) -> None:
        quiet = status < 400 and route_of(scope) in QUIET
        if not quiet:
            structlog.get_logger().info(
                "request",
                request_id=name,
                method=method_of(scope),
                route=route_of(scope),
                status=status,
                milliseconds=round(1e3 * seconds, 2),
            )


METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
QUIET = ("/livez", "/readyz", "/metrics", "/health")


def route_of(scope: Scope) -> str:
    """The template of the route that answers, or "none"."""
    return str(getattr(scope.get("route"), "path_format", "") or "none")


def method_of(scope: Scope) -> str:
    """The method, if it is one of HTTP's own: others are words of whoever sent them."""
    return scope["method"] if scope["method"] in METHODS else "other"


def _named(scope: Scope) -> str:
    """A client's own id, if it is a plain word, so that both sides' logs agree; else a new one."""
    given = dict(scope["headers"]).get(HEADER.encode(), b"").decode("latin-1")
    return given if _GIVEN.fullmatch(given) else secrets.token_hex(8)
