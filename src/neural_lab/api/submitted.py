"""A document as it is handed in: JSON with a text, or a form with a file."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import PurePath
from typing import Any, TypeVar

from fastapi import Request
from fastapi.exceptions import RequestValidationError
from pydantic import ValidationError
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import FormData, UploadFile

from neural_lab.api.bodies import FORM, JSON
from neural_lab.api.schemas import DocumentOptions, DocumentRequest
from neural_lab.errors import InvalidDocument, InvalidRequest
from neural_lab.reading import read_bytes
from neural_lab.types import Document

Options = TypeVar("Options", bound=DocumentOptions)
FORMS = frozenset({"/v1/documents"})
"""Paths that take a file in a form as well as JSON."""
MOST_FIELDS, LONGEST_NAME, LONGEST_TITLE = 20, 4_096, 200
NEUTRAL, _SUFFIX = "file", re.compile(r"\.[A-Za-z0-9]{1,10}")


def form_schema() -> dict[str, Any]:
    """The fields of the form: a file and the options of the JSON body."""
    options = DocumentOptions.model_json_schema()["properties"]
    file = {"type": "string", "format": "binary"}
    return {
        "type": "object",
        "required": ["file"],
        "properties": {"file": file, **options},
        "additionalProperties": False,
    }


BODY: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "content": {JSON: {"schema": DocumentRequest.model_json_schema()}, FORM: {"schema": form_schema()}},
    }
}


async def submitted(request: Request) -> tuple[Document, DocumentOptions]:
    """The document and what is asked about it. Raises `InvalidDocument` and `RequestValidationError`."""
    if request.headers.get("content-type", "").lower().startswith(FORM):
        async with request.form(max_files=1, max_fields=MOST_FIELDS) as form:
            return await _from_form(form)
    body = _checked(DocumentRequest, await request.body())
    return Document(body.text, body.title), body


async def _from_form(form: FormData) -> tuple[Document, DocumentOptions]:
    file = form.get("file")
    if not isinstance(file, UploadFile):
        raise InvalidRequest("no_file", "The form needs a field “file” with a file.")
    options = _checked(DocumentOptions, {name: value for name, value in form.multi_items() if name != "file"})
    given = await run_in_threadpool(_read, await file.read(), file.filename or NEUTRAL)
    return (replace(given, title=options.title) if options.title else given), options


def _read(data: bytes, name: str) -> Document:
    """Read under a neutral name: messages say how a file is called, and that is the user's to tell."""
    suffix = PurePath(name).suffix
    neutral = f"{NEUTRAL}{suffix if _SUFFIX.fullmatch(suffix) else ''}"
    try:
        found = read_bytes(data, neutral)
    except InvalidDocument as error:
        raise InvalidDocument(error.code, f"The file{error.message.removeprefix(neutral)}") from None
    title = _line(PurePath(name).stem) if found.title == NEUTRAL else found.title
    return replace(found, title=title, path=name[:LONGEST_NAME])


def _line(words: str) -> str:
    """One printable line, as the titles that `reading` finds."""
    line = "".join(c if c.isprintable() else " " for c in words[: 4 * LONGEST_TITLE])
    return " ".join(line.split())[:LONGEST_TITLE]


def _checked(kind: type[Options], given: bytes | dict[str, Any]) -> Options:
    try:
        if isinstance(given, bytes):
            return kind.model_validate_json(given)
        # All fields of a form are words.
        return kind.model_validate(given, strict=False)
    except ValidationError as error:
        found = error.errors(include_url=False, include_input=False)
        raise RequestValidationError([{**each, "loc": ("body", *each["loc"])} for each in found]) from None
