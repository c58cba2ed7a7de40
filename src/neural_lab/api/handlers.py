"""How errors leave: handlers for those of routes, and a net for all that nobody expected."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException
from starlette.responses import Response
from starlette.routing import Match
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from neural_lab import errors
from neural_lab.api.engine import ClientGoneError
from neural_lab.api.logs import log
from neural_lab.api.problems import (
    TITLES,
    UNEXPECTED,
    FieldProblem,
    about_files,
    of_error,
    problem,
    status_of,
)
from neural_lab.api.worker import worker_of

MOST_FIELDS, CLIENT_GONE = 20, 499
UNKNOWN = "extra_forbidden"
CUT_SHORT = errors.Overloaded("shutting_down", "The service stopped before this was done: ask again.", 5)


def install(app: FastAPI) -> None:
    """Every error of every route leaves through here."""
    app.add_exception_handler(errors.LabError, _lab_error)
    app.add_exception_handler(RequestValidationError, _invalid)
    app.add_exception_handler(HTTPException, _http_error)
    app.add_exception_handler(ClientGoneError, _gone)


async def _lab_error(request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, errors.LabError)  # noqa: S101 (registered for nothing else)
    return refusal(request, error)


def refusal(request: Request, error: errors.LabError) -> JSONResponse:
    """The answer to a request that ends with an error of ours; the log has what clients are not told."""
    if status_of(error) >= 500:
        reason = {"reason": error.message} if about_files(error) else {}
        log().warning("refused", code=error.code, **reason)
        worker_of(request).meters.refused.labels(error.code).inc()
    return of_error(error)


async def _invalid(request: Request, error: Exception) -> JSONResponse:
    """Names the fields; pydantic's own account would repeat the input."""
    del request
    assert isinstance(error, RequestValidationError)  # noqa: S101
    found = [FieldProblem(field=_path(each), message=_said(each)) for each in error.errors()]
    shown = found[:MOST_FIELDS]
    detail = "; ".join(f"{each.field}: {each.message}" for each in shown[:3]) or "The body cannot be read"
    return problem(422, "invalid_input", f"{detail}.", shown)


def _path(error: Mapping[str, Any]) -> str:
    """`texts[3]` for `("body", "texts", 3)`. What a user called a field that is not known stays untold."""
    location = error["loc"]
    parts = location[1:] if location and location[0] in ("body", "query", "path", "header") else location
    if error["type"] in (UNKNOWN, "json_invalid"):
        parts = parts[:-1]
    named = "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in parts)
    return named.lstrip(".")[:200] or str(location[0] if location else "body")


def _said(error: Mapping[str, Any]) -> str:
    """Messages of our own and of pydantic's types, none of which quote a value."""
    if error["type"] == "json_invalid":
        return "The body is no valid JSON"
    if error["type"] == UNKNOWN:
        return "One of its fields is not known here"
    if "ctx" in error and not _harmless(error):
        return "The value cannot be used"
    return str(error["msg"]).removeprefix("Value error, ")[:200]


def _harmless(error: Mapping[str, Any]) -> bool:
    """Whether the message quotes no more than bounds and choices of ours."""
    numbers = all(isinstance(value, int | float) for value in error["ctx"].values())
    return numbers or error["type"] in (
        "value_error",
        "literal_error",
        "enum",
        "string_too_short",
        "string_too_long",
        "too_short",
        "too_long",
    )


async def _http_error(request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, HTTPException)  # noqa: S101
    if error.status_code == 400:
        return problem(422, "unreadable", "The body cannot be read as what its media type says.")
    status = error.status_code if error.status_code in TITLES else 500
    headers = {"Allow": ", ".join(allowed_methods(request))} if status == 405 else error.headers
    return problem(status, f"http_{status}", f"{TITLES[status]}.", headers=headers)


def allowed_methods(request: Request) -> list[str]:
    """All methods of a path, which may belong to several routes; where there is GET, there is HEAD."""
    found = set()
    for method in ("GET", "POST", "PUT", "PATCH", "DELETE"):
        scope = {**request.scope, "method": method}
        if any(route.matches(scope)[0] is Match.FULL for route in request.app.routes):
            found |= {method, "HEAD"} if method == "GET" else {method}
    return sorted(found)


async def _gone(request: Request, error: Exception) -> Response:
    """Nobody reads it; the log and the figures have a status of their own for it."""
    del request, error
    return Response(status_code=CLIENT_GONE)


class Caught:
    """Answers what nobody expected, within the middlewares that name and log a request."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        started = False

        async def noted(message: Message) -> None:
            nonlocal started
            started = True
            await send(message)

        try:
            await self._app(scope, receive, noted)
        except asyncio.CancelledError:
            # uvicorn ends what still runs when the time to drain is over.
            if started or not scope["app"].state.worker.stopping:
                raise
            await refusal(Request(scope), CUT_SHORT)(scope, receive, send)
        except Exception as error:
            # The kind alone: a traceback would carry text in its variables' representations.
            log().error("unexpected", kind=type(error).__name__, where=_where(error))
            if started:
                raise
            await problem(500, "unexpected", UNEXPECTED)(scope, receive, send)


def _where(error: Exception) -> str:
    trace = error.__traceback__
    while trace and trace.tb_next:
        trace = trace.tb_next
    return f"{trace.tb_frame.f_code.co_filename}:{trace.tb_lineno}" if trace else ""
