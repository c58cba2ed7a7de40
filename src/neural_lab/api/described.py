"""What OpenAPI says of errors: one shape, one media type, an example each, on every route."""

from __future__ import annotations

from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi

from neural_lab.api.problems import MEDIA_TYPE, TITLES, UNEXPECTED, responses

EVERYWHERE = responses(403, 408, 413, 500, 503)
"""A middleware or an accident may answer any request."""
WITH_BODY = responses(415, 422)
CODES = {
    401: ("not_logged_in", "Log in at /v1/session, or send a key as a bearer token."),
    403: ("wrong_origin", "The request comes from another page, or names another host."),
    404: ("no_job", "No job of yours that has ended has this number; cancel it first."),
    408: ("too_slow", "The body came too slowly."),
    413: ("too_large", "A body may have 33,554,432 bytes."),
    415: ("media_type", "Send the body as application/json."),
    422: ("invalid_input", "texts[3]: String should have at least 10 characters."),
    429: ("rate_limited", "At most 100 requests in 60 seconds."),
    500: ("unexpected", UNEXPECTED),
    503: ("loading", "The detector is still being loaded."),
}
SCHEMA = {"$ref": "#/components/schemas/Problem"}
WAIT = {"Retry-After": {"description": "Seconds after which to try again.", "schema": {"type": "integer"}}}


def describe(app: FastAPI) -> None:
    """Give `app` its OpenAPI document, made when it is first asked for."""

    def openapi() -> dict[str, Any]:
        if app.openapi_schema is None:
            app.openapi_schema = _described(app)
        return app.openapi_schema

    app.openapi = openapi  # type: ignore[method-assign]


def _described(app: FastAPI) -> dict[str, Any]:
    document = get_openapi(
        title=app.title,
        version=app.version,
        summary=app.summary,
        description=app.description,
        routes=app.routes,
    )
    for operations in document["paths"].values():
        for operation in operations.values():
            _complete(operation)
    return document


def _complete(operation: dict[str, Any]) -> None:
    given = operation["responses"]
    if "requestBody" in operation:
        given |= {
            str(status): {"description": TITLES[int(status)]}
            for status in WITH_BODY
            if str(status) not in given
        }
    for status, response in given.items():
        if status.isdecimal() and int(status) in CODES:
            _explain(int(status), response)


def _explain(status: int, response: dict[str, Any]) -> None:
    """A problem in the place of FastAPI's JSON; other content of a status, as of `/health`, stays."""
    content = response.setdefault("content", {})
    if content.get("application/json", {}).get("schema") == SCHEMA:
        del content["application/json"]
    content[MEDIA_TYPE] = {"schema": SCHEMA, "example": _example(status)}
    if status in (429, 503):
        response["headers"] = WAIT


def _example(status: int) -> dict[str, Any]:
    code, detail = CODES[status]
    fields = [{"field": "texts[3]", "message": "String should have at least 10 characters"}]
    return {
        "type": f"urn:neural-lab:problem:{code}",
        "title": TITLES[status],
        "status": status,
        "detail": detail,
        "code": code,
        "request_id": "5f6d0b1c9e2a4f3b",
        "errors": fields if status == 422 else [],
    }
