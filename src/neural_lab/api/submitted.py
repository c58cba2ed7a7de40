"""A document as it is handed in: JSON with a text, or a form with a file."""

from __future__ import annotations

import re
from codecs import BOM_UTF8
from dataclasses import replace
from pathlib import PurePath
from typing import Any, TypeVar

from fastapi import Request
from fastapi.exceptions import RequestValidationError
from pydantic import ConfigDict, ValidationError
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import UploadFile

from neural_lab.api.body_schemas import body_of
from neural_lab.api.media import FORM
from neural_lab.api.schemas import DocumentOptions, Given
from neural_lab.api.texts import ReadText
from neural_lab.errors import InvalidDocument, InvalidRequest
from neural_lab.reading import Recognised, recognise
from neural_lab.types import Document

Options = TypeVar("Options", bound=Given)
FORMS = {"/v1/documents": (FORM,), "/v1/texts": (FORM,), "/v1/evidence": (FORM,)}
"""Paths that take forms, and of which kinds."""
MOST_FIELDS, LONGEST_NAME, LONGEST_TITLE = 20, 4_096, 200
NEUTRAL, _SUFFIX = "file", re.compile(r"\.[A-Za-z0-9]{1,10}")
NO_FILE = "The form needs a field “file” with a file."


class DocumentRequest(DocumentOptions, ReadText):
    """A text and what is asked about it."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={"examples": [{"text": "The bus was late, so I walked home.", "title": "Notes"}]},
    )


class Nothing(Given):
    """The options of a form that has none."""


BODY = body_of(DocumentRequest, form=DocumentOptions)
FILE_BODY = body_of(form=Nothing)


async def submitted(request: Request) -> tuple[Document, DocumentOptions]:
    """The document and what is asked about it. Raises `InvalidDocument` and `RequestValidationError`."""
    if _is_form(request):
        (given, _), options = await _from_form(request, DocumentOptions)
        return (replace(given, title=options.title) if options.title else given), options
    body = checked(DocumentRequest, await request.body())
    return body.document(), body


async def uploaded(request: Request) -> Recognised:
    """The file of a form that has nothing else. Raises as `submitted`."""
    if not _is_form(request):
        raise InvalidRequest("no_file", NO_FILE)
    found, _ = await _from_form(request, Nothing)
    return found


def _is_form(request: Request) -> bool:
    return request.headers.get("content-type", "").lower().startswith(FORM)


async def _from_form(request: Request, kind: type[Options]) -> tuple[Recognised, Options]:
    async with request.form(max_files=1, max_fields=MOST_FIELDS) as form:
        file = form.get("file")
        if not isinstance(file, UploadFile):
            raise InvalidRequest("no_file", NO_FILE)
        options = checked(kind, {name: value for name, value in form.multi_items() if name != "file"})
        return await run_in_threadpool(_read, await file.read(), file.filename or NEUTRAL), options


def _read(data: bytes, name: str) -> Recognised:
    """Read under a neutral name: messages say how a file is called, and that is the user's to tell."""
    suffix = PurePath(name).suffix
    neutral = f"{NEUTRAL}{suffix if _SUFFIX.fullmatch(suffix) else ''}"
    try:
        found, kind = recognise(data, neutral)
    except InvalidDocument as error:
        raise InvalidDocument(error.code, f"The file{error.message.removeprefix(neutral)}") from None
    title = _line(PurePath(name).stem) if found.title == NEUTRAL else found.title
    return Recognised(replace(found, title=title, path=name[:LONGEST_NAME]), kind)


def _line(words: str) -> str:
    """One printable line, as the titles that `reading` finds."""
    line = "".join(c if c.isprintable() else " " for c in words[: 4 * LONGEST_TITLE])
    return " ".join(line.split())[:LONGEST_TITLE]


def checked(kind: type[Options], given: bytes | dict[str, Any]) -> Options:
    """JSON, or the fields of a form, as what it has to be. Raises `RequestValidationError`."""
    try:
        if isinstance(given, bytes):
            # A mark in front is passed over here as it is for other bodies.
            return kind.model_validate_json(given.removeprefix(BOM_UTF8))
        # All fields of a form are words.
        return kind.model_validate(given, strict=False)
    except ValidationError as error:
        found = error.errors(include_url=False, include_input=False)
        raise RequestValidationError([{**each, "loc": ("body", *each["loc"])} for each in found]) from None
