"""`/v1/trails`: texts while they are written, for whoever wants to show how one came about."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import asdict
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Path, Query, Request
from fastapi.responses import StreamingResponse
from starlette.concurrency import run_in_threadpool

from neural_lab import trail as core
from neural_lab.api.callers import Caller, allowed
from neural_lab.api.problems import responses
from neural_lab.api.rates import counted, spend_characters
from neural_lab.api.retention import check_kept
from neural_lab.api.routes.history import Deleted
from neural_lab.api.schemas import SCHEMA
from neural_lab.api.trail_schemas import Appended, Drafts, DraftShown, SnapshotShown, TextNow, Whole
from neural_lab.api.worker import Worker, worker_of
from neural_lab.backends.clock import utc
from neural_lab.errors import NotFound
from neural_lab.ports import Trail

router = APIRouter(prefix="/v1/trails", tags=["trails"], dependencies=[Depends(counted)])
Asking = Annotated[Caller, Depends(allowed("history"))]
ERRORS = responses(401, 422, 429)
UUID = r"^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$"
EXAMPLE = "3f0f9a52-7d0c-4a43-9a8e-0b5c7a1d2e3f"
DraftId = Annotated[
    str, Path(pattern=UUID, description="A UUID that the client made, in small letters.", examples=[EXAMPLE])
]
WHOLE: dict[int | str, dict[str, Any]] = {200: {"model": Whole}}


@router.get("", responses=ERRORS)
async def drafts(request: Request, caller: Asking) -> Drafts:
    """The caller's drafts, those that went on last first."""
    store = worker_of(request).store
    found = await run_in_threadpool(lambda: store.trail(caller.owner).drafts())
    return Drafts(drafts=[DraftShown(**asdict(each)) for each in found])


@router.delete("", responses=ERRORS)
async def purge(request: Request, caller: Asking) -> Deleted:
    """Delete all drafts for good, and say how many there were."""
    store = worker_of(request).store
    return Deleted(deleted=await run_in_threadpool(lambda: store.trail(caller.owner).purge()))


@router.post("/{draft}", responses=ERRORS)
async def append(draft: DraftId, body: TextNow, request: Request, caller: Asking) -> Appended:
    """Add a snapshot, unless the text is still that of the last; begins the draft if there is none."""
    worker = worker_of(request)
    await spend_characters(worker, caller, len(body.text))
    snapshot = await run_in_threadpool(_appended, worker, caller.owner, draft, body)
    return Appended(draft=draft, snapshot=SnapshotShown(**asdict(snapshot)))


@router.get("/{draft}", responses=ERRORS | responses(404) | WHOLE, response_class=StreamingResponse)
async def trail(
    draft: DraftId,
    request: Request,
    caller: Asking,
    texts: Annotated[bool, Query(description="Whether to give the texts, too.")] = True,
) -> StreamingResponse:
    """All snapshots of a draft in order, and what is wrong with them: the file to hand to somebody else."""
    found, about, chain = await run_in_threadpool(_chain, worker_of(request), caller.owner, draft)
    return StreamingResponse(_written(found, about, chain, texts), media_type="application/json")


@router.delete("/{draft}", status_code=204, responses=ERRORS | responses(404))
async def delete(draft: DraftId, request: Request, caller: Asking) -> None:
    """Delete a draft with its snapshots for good."""
    store = worker_of(request).store
    if not await run_in_threadpool(lambda: store.trail(caller.owner).delete(draft)):
        raise NotFound("no_draft", "No draft of yours has this name.")


def _appended(worker: Worker, owner: str, draft: str, body: TextNow) -> core.Snapshot:
    check_kept(worker, owner)
    return worker.store.trail(owner).append(draft, body.title, body.text, utc())


def _chain(worker: Worker, owner: str, draft: str) -> tuple[Trail, core.Draft, list[core.Snapshot]]:
    found = worker.store.trail(owner)
    return found, found.draft(draft), found.snapshots(draft)


def _written(trail: Trail, draft: core.Draft, chain: list[core.Snapshot], texts: bool) -> Iterator[str]:
    """`Whole`, one text in memory at a time; a draft that is deleted meanwhile breaks off."""
    yield f'{{"schema": {SCHEMA}, "draft": {json.dumps(asdict(draft))}, "snapshots": ['
    before, found = None, list[core.Flaw]()
    with suppress(NotFound):
        for each in chain:
            text = {"text": trail.text(draft.id, each.seq)} if texts else {}
            found += core.flaws(each, before, text.get("text"))
            yield (", " if before else "") + json.dumps({**asdict(each), **text})
            before = each
        yield f'], "flaws": {json.dumps([asdict(flaw) for flaw in found])}}}'
