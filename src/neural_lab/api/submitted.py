"""A document as it is handed in: JSON with a text, or a form with a file."""

from __future__ import annotations

from typing import Any

from fastapi import Request
from fastapi.exceptions import RequestValidationError
from pydantic import ValidationError
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import FormData, UploadFile

from neural_lab.api.schemas import DocumentRequest
from neural_lab.errors import InvalidRequest
from neural_lab.reading import read_bytes
from neural_lab.types import Document

FORM, MOST_FIELDS = "multipart/form-data", 20
_FORM_SCHEMA = {
    "type": "object",
    "required": ["file"],
    "properties": {
        "file": {"type": "string", "format": "binary"},
        "max_false_positives": {"type": "number", "exclusiveMinimum": 0, "maximum": 1, "default": 0.01},
        "genre": {"type": "string", "maxLength": 100},
        "writer": {"type": "string", "maxLength": 100},
        "keep": {"type": "boolean", "default": True},
        "audit": {"type": "boolean", "default": True},
    },
}
BODY: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "content": {
            "application/json": {"schema": DocumentRequest.model_json_schema()},
            FORM: {"schema": _FORM_SCHEMA},
        },
    }
}


async def submitted(request: Request) -> tuple[Document, DocumentRequest]:
    """The document and what is asked about it. Raises `InvalidDocument` and `RequestValidationError`."""
    if request.headers.get("content-type", "").startswith(FORM):
        async with request.form(max_files=1, max_fields=MOST_FIELDS) as form:
            return await _from_form(form)
    body = _checked(await request.body())
    return Document(body.text, body.title), body


async def _from_form(form: FormData) -> tuple[Document, DocumentRequest]:
    file = form.get("file")
    if not isinstance(file, UploadFile):
        raise InvalidRequest("no_file", "The form needs a field “file” with a file.")
    rest = {name: value for name, value in form.multi_items() if name != "file"}
    body = _checked({"text": "-", **rest})
    given = await run_in_threadpool(read_bytes, await file.read(), file.filename or "file")
    return given, body


def _checked(given: bytes | dict[str, Any]) -> DocumentRequest:
    try:
        if isinstance(given, bytes):
            return DocumentRequest.model_validate_json(given)
        return DocumentRequest.model_validate(given)
    except ValidationError as error:
        raise RequestValidationError(error.errors(include_url=False, include_input=False)) from None
