"""Errors as RFC 9457 problem details: one shape, stable codes, nothing of the input and nothing internal."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from pydantic import BaseModel, Field
from starlette.exceptions import HTTPException

from neural_lab import errors
from neural_lab.api.logs import log, request_id

MEDIA_TYPE = "application/problem+json"
STATUS: Mapping[type[errors.LabError], int] = {
    errors.InvalidDocument: 422,
    errors.InvalidRequest: 422,
    errors.NotFound: 404,
    errors.NotAllowed: 403,
    errors.RateLimited: 429,
    errors.Overloaded: 503,
    errors.ModelUnavailable: 503,
    errors.StoreUnavailable: 503,
    errors.ScoringFailed: 500,
}
TITLES = {
    400: "The request is malformed",
    401: "Log in first",
    403: "Not allowed",
    404: "Not found",
    405: "The method is not allowed here",
    408: "The request took too long to arrive",
    409: "In conflict with what is there",
    413: "Too large",
    415: "Of another media type",
    422: "The input cannot be used",
    429: "Too many requests",
    500: "Something unexpected went wrong",
    503: "Not available at the moment",
}
UNAUTHENTICATED = "not_logged_in"
MOST_FIELDS = 20


class FieldProblem(BaseModel):
    """One field that cannot be used."""

    field: str = Field(examples=["texts[3]"])
    message: str = Field(examples=["String should have at least 10 characters"])


class Problem(BaseModel):
    """RFC 9457: what went wrong, in words for people and a code for programs."""

    type: str = Field(examples=["urn:neural-lab:problem:too_short"])
    title: str = Field(examples=["The input cannot be used"])
    status: int = Field(examples=[422])
    detail: str = Field(examples=["texts[3]: String should have at least 10 characters."])
    code: str = Field(examples=["invalid_input"])
    request_id: str = Field(examples=["5f6d0b1c9e2a4f3b"])
    errors: list[FieldProblem] = Field(default_factory=list)


def responses(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """What OpenAPI says of the errors of a route."""
    return {
        status: {"model": Problem, "description": TITLES[status], "content": {MEDIA_TYPE: {}}}
        for status in statuses
    }


def problem(
    status: int,
    code: str,
    detail: str,
    fields: list[FieldProblem] | None = None,
    headers: Mapping[str, str] | None = None,
) -> JSONResponse:
    body = Problem(
        type=f"urn:neural-lab:problem:{code}",
        title=TITLES.get(status, TITLES[500]),
        status=status,
        detail=detail,
        code=code,
        request_id=request_id(),
        errors=fields or [],
    )
    return JSONResponse(body.model_dump(), status, dict(headers or {}), media_type=MEDIA_TYPE)


def of_error(error: errors.LabError, rate: Mapping[str, str]) -> JSONResponse:
    """`rate` are the headers of the limit that the request was counted against."""
    status = 401 if error.code == UNAUTHENTICATED else status_of(error)
    headers = {"Retry-After": f"{max(1, round(wait))}"} if (wait := getattr(error, "retry_after", 0)) else {}
    headers |= rate
    if status == 503 and "Retry-After" not in headers:
        headers["Retry-After"] = "5"
    if status == 401:
        headers["WWW-Authenticate"] = "Bearer"
    return problem(status, error.code, error.message, headers=headers)


def status_of(error: errors.LabError) -> int:
    return next((status for kind, status in STATUS.items() if isinstance(error, kind)), 500)


def install(app: FastAPI) -> None:
    """Every error of every route leaves through here."""
    app.add_exception_handler(errors.LabError, _lab_error)
    app.add_exception_handler(RequestValidationError, _invalid)
    app.add_exception_handler(HTTPException, _http_error)
    app.add_exception_handler(Exception, _unexpected)


async def _lab_error(request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, errors.LabError)  # noqa: S101 (registered for nothing else)
    if status_of(error) >= 500:
        log().warning("refused", code=error.code)
    return of_error(error, getattr(request.state, "rate", {}))


async def _invalid(request: Request, error: Exception) -> JSONResponse:
    """Names the fields; pydantic's own account would repeat the input."""
    del request
    assert isinstance(error, RequestValidationError)  # noqa: S101
    found = [FieldProblem(field=_path(each["loc"]), message=_said(each)) for each in error.errors()]
    shown = found[:MOST_FIELDS]
    detail = "; ".join(f"{each.field}: {each.message}" for each in shown[:3]) or "The body cannot be read"
    return problem(422, "invalid_input", f"{detail}.", shown)


def _path(location: tuple[int | str, ...]) -> str:
    """`texts[3]` for `("body", "texts", 3)`."""
    parts = location[1:] if location and location[0] in ("body", "query", "path", "header") else location
    named = "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in parts)
    return named.lstrip(".")[:200] or str(location[0] if location else "body")


def _said(error: Mapping[str, Any]) -> str:
    """Messages of our own and of pydantic's types, none of which quote a value."""
    if error["type"] == "json_invalid":
        return "The body is no valid JSON"
    return str(error["msg"])[:200] if error["type"] in _PLAIN or "ctx" not in error else _bounded(error)


_PLAIN = frozenset(
    {"missing", "string_type", "list_type", "float_type", "int_type", "bool_type", "extra_forbidden"}
)


def _bounded(error: Mapping[str, Any]) -> str:
    numbers = {name: value for name, value in error["ctx"].items() if isinstance(value, int | float)}
    said = str(error["msg"])
    return (
        said[:200]
        if numbers or error["type"] in ("value_error", "literal_error", "enum")
        else "The value cannot be used"
    )


async def _http_error(request: Request, error: Exception) -> JSONResponse:
    del request
    assert isinstance(error, HTTPException)  # noqa: S101
    status = error.status_code if error.status_code in TITLES else 400
    return problem(status, f"http_{status}", f"{TITLES[status]}.", headers=error.headers)


async def _unexpected(request: Request, error: Exception) -> JSONResponse:
    """The kind of error goes to the log; a traceback would carry text in its variables' representations."""
    del request
    log().error("unexpected", kind=type(error).__name__, where=_where(error))
    return problem(500, "unexpected", "Something unexpected went wrong; the log names the request.")


def _where(error: Exception) -> str:
    trace = error.__traceback__
    while trace and trace.tb_next:
        trace = trace.tb_next
    return f"{trace.tb_frame.f_code.co_filename}:{trace.tb_lineno}" if trace else ""
