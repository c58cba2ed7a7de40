"""`/v1/history`: the reports that the caller keeps."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, Any, TypeVar

from fastapi import APIRouter, Depends, Path, Query, Request
from fastapi.responses import StreamingResponse
from pydantic import BaseModel
from starlette.concurrency import run_in_threadpool

from neural_lab.api.callers import Caller, allowed
from neural_lab.api.problems import responses
from neural_lab.api.rates import counted
from neural_lab.api.routes.export import LINES, NDJSON, lines
from neural_lab.api.schemas import Versioned
from neural_lab.api.worker import worker_of
from neural_lab.entry import Entry
from neural_lab.errors import NotFound
from neural_lab.exported import reports
from neural_lab.kept import row
from neural_lab.ports import History

router = APIRouter(prefix="/v1/history", tags=["history"], dependencies=[Depends(counted)])
Asking = Annotated[Caller, Depends(allowed("history"))]
ERRORS = responses(401, 422, 429)
Number = Annotated[int, Path(ge=1, le=2**31 - 1)]
Answer = TypeVar("Answer")


class EntryShown(BaseModel):
    id: int
    kind: str
    created: str
    title: str
    path: str
    detector: str
    verdict: str
    probability: float | None
    coverage: float | None
    settings: Any


class Entries(Versioned):
    entries: list[EntryShown]


class EntryWhole(EntryShown):
    text: str
    report: Any


class Deleted(BaseModel):
    deleted: int


@router.get("", responses=ERRORS)
async def entries(
    request: Request,
    caller: Asking,
    most: Annotated[int, Query(ge=1, le=1_000)] = 50,
    before: Annotated[int | None, Query(ge=1, le=2**63 - 1)] = None,
    search: Annotated[str | None, Query(min_length=3, max_length=200)] = None,
) -> Entries:
    """Kept reports, the newest first; with `search`, those whose text, title or path contains it."""
    if search is None:
        found = await _answer(request, caller, lambda history: history.entries(most, before))
    else:
        found = await _answer(request, caller, lambda history: history.search(search, most))
    return Entries(entries=[EntryShown(**_named(entry)) for entry in found])


@router.get("/export", responses=ERRORS | LINES, response_class=StreamingResponse)
async def export(request: Request, caller: Asking) -> StreamingResponse:
    """All kept reports with their texts as JSON lines, the newest first."""
    history = await _answer(request, caller, lambda history: history)
    return StreamingResponse(lines(reports(history)), media_type=NDJSON)


@router.get("/{number:int}", responses=ERRORS | responses(404))
async def entry(number: Number, request: Request, caller: Asking) -> EntryWhole:
    """One kept report with its text."""
    found = await _answer(request, caller, lambda history: history.entry(number))
    return EntryWhole(**row(found))


@router.delete("/{number:int}", responses=ERRORS | responses(404))
async def delete(number: Number, request: Request, caller: Asking) -> Deleted:
    """Delete a report for good."""
    deleted = await _answer(request, caller, lambda history: history.delete([number]))
    if not deleted:
        raise NotFound("no_entry", "No report of yours has this number.")
    return Deleted(deleted=deleted)


@router.delete("", responses=ERRORS)
async def purge(request: Request, caller: Asking) -> Deleted:
    """Delete all reports for good."""
    return Deleted(deleted=await _answer(request, caller, lambda history: history.purge()))


async def _answer(request: Request, caller: Caller, ask: Callable[[History], Answer]) -> Answer:
    """What the caller's history says, in a thread: even to open it may mean to ask a database."""
    store = worker_of(request).store
    return await run_in_threadpool(lambda: ask(store.history(caller.owner)))


def _named(entry: Entry) -> dict[str, Any]:
    return {name: value for name, value in row(entry).items() if name in EntryShown.model_fields}
