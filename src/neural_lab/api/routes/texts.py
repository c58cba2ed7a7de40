"""`/v1/texts`: the text of a file, without a report."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Request
from starlette.concurrency import run_in_threadpool

from neural_lab.api.callers import Caller, allowed
from neural_lab.api.problems import responses
from neural_lab.api.rates import counted, spend_characters
from neural_lab.api.submitted import FILE_BODY, uploaded
from neural_lab.api.texts import FileText, numbered, stretches
from neural_lab.api.worker import worker_of
from neural_lab.reading import Recognised
from neural_lab.report.characters import well_formed
from neural_lab.text.canonical import canonicalize
from neural_lab.text.words import count_words

router = APIRouter(prefix="/v1", tags=["documents"], dependencies=[Depends(counted)])
Asking = Annotated[Caller, Depends(allowed("documents"))]


@router.post("/texts", responses=responses(401, 422, 429), openapi_extra=FILE_BODY)
async def text(given: Annotated[Recognised, Depends(uploaded)], request: Request, caller: Asking) -> FileText:
    """What a file says, to be looked at or edited before it is scored. Nothing is kept."""
    await spend_characters(worker_of(request), caller, len(given.document.text))
    return await run_in_threadpool(_answer, given)


def _answer(given: Recognised) -> FileText:
    document = given.document
    return FileText(
        text=document.text,
        title=well_formed(document.title),
        path=well_formed(document.path),
        pages=numbered(document.pages),
        quoted=stretches(document.quoted),
        characters=len(document.text),
        words=count_words(canonicalize(document.text).text),
        kind=given.kind.value,
    )
