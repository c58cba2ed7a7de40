"""Errors as RFC 9457 problem details: one shape, stable codes, nothing of the input and nothing internal."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from fastapi.responses import JSONResponse
from pydantic import BaseModel, Field

from neural_lab import errors
from neural_lab.api.logs import request_id

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
    431: "The headers are too large",
    500: "Something unexpected went wrong",
    503: "Not available at the moment",
}
UNEXPECTED = "Something unexpected went wrong; the log names the request."
UNAUTHENTICATED, LOADING = "not_logged_in", "loading"
LATER, PATIENCE = frozenset({429, 503}), 5
"""Statuses that end by themselves, and after how many seconds to try again where nothing better is known."""
# What these say of themselves names files of the server.
ABOUT_FILES: Mapping[type[errors.LabError], str] = {
    errors.StoreUnavailable: "The database cannot be used at the moment; the service's log has the reason.",
    errors.ModelUnavailable: "The detector cannot be used; the service's log has the reason.",
}


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
    """What OpenAPI says of the errors of a route; `described` completes it."""
    return {status: {"model": Problem, "description": TITLES[status]} for status in statuses}


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


def of_error(error: errors.LabError) -> JSONResponse:
    status = 401 if error.code == UNAUTHENTICATED else status_of(error)
    wait = getattr(error, "retry_after", PATIENCE)
    headers = {"Retry-After": f"{math.ceil(wait)}"} if status in LATER else {}
    if status == 401:
        headers["WWW-Authenticate"] = "Bearer"
    return problem(status, error.code, told(error), headers=headers)


def about_files(error: errors.LabError) -> bool:
    """Whether the message is for those who run the service alone."""
    return error.code != LOADING and isinstance(error, tuple(ABOUT_FILES))


def told(error: errors.LabError) -> str:
    """The message of an error for clients."""
    return ABOUT_FILES[type(error)] if about_files(error) else error.message


def status_of(error: errors.LabError) -> int:
    return next((status for kind, status in STATUS.items() if isinstance(error, kind)), 500)
