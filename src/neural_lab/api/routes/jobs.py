"""`/v1/jobs`: long documents and many of them; 202 at once, the answer later."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Header, Path, Query, Request, Response
from fastapi.responses import StreamingResponse
from pydantic import BaseModel, ConfigDict, Field
from starlette.concurrency import run_in_threadpool

from neural_lab.api.callers import Caller, allowed
from neural_lab.api.problems import responses
from neural_lab.api.rates import counted, spend_characters
from neural_lab.api.routes.documents import asked_of
from neural_lab.api.schemas import Judging, OneText, Versioned
from neural_lab.api.worker import Worker, worker_of
from neural_lab.errors import InvalidRequest, NotFound, StoreUnavailable
from neural_lab.job import Job
from neural_lab.ports import Jobs

router = APIRouter(prefix="/v1/jobs", tags=["jobs"], dependencies=[Depends(counted)])
Asking = Annotated[Caller, Depends(allowed("jobs"))]
ERRORS = responses(401, 422, 429)
ACCEPTED: dict[int | str, dict[str, Any]] = {
    202: {"headers": {"Location": {"description": "Where the job is.", "schema": {"type": "string"}}}}
}
STREAM: dict[int | str, dict[str, Any]] = {200: {"content": {"text/event-stream": {}}}}
Number = Annotated[int, Path(ge=1, le=2**31 - 1)]
KIND, MOST_DOCUMENTS, POLL, LONGEST_WATCH = "check", 1_000, 0.5, 3_600
Once = Annotated[
    str | None,
    Header(
        alias="Idempotency-Key",
        min_length=8,
        max_length=200,
        description="The same key gives the same job: a request that is sent again adds none.",
    ),
]


class JobRequest(Judging):
    documents: Annotated[list[OneText], Field(min_length=1, max_length=MOST_DOCUMENTS)]
    keep: bool = True
    audit: bool = True

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={"examples": [{"documents": [{"text": "A long text."}]}]},
    )


class JobShown(BaseModel):
    """`result` is that of `/v1/detect` once the state is `done`."""

    id: int
    kind: str
    state: str = Field(examples=["queued", "running", "done", "failed", "cancelled"])
    done: int
    total: int
    created: str
    updated: str
    error: str
    message: str
    result: Any = None


class JobList(Versioned):
    jobs: list[JobShown]


@router.post("", status_code=202, responses=ERRORS | ACCEPTED)
async def add(
    body: JobRequest, request: Request, response: Response, caller: Asking, once: Once = None
) -> JobShown:
    """Take on up to 1,000 documents; the `Location` tells how far they are."""
    worker = worker_of(request)
    lab, _ = worker.admitting()
    asked_of(lab, body)
    await spend_characters(worker, caller, sum(len(each.text) for each in body.documents))
    payload = body.model_dump_json()
    job, new = await run_in_threadpool(_jobs(request, caller).add, KIND, payload, once or "")
    if not new and job.payload and json.loads(job.payload) != json.loads(payload):
        raise InvalidRequest("key_reused", "This Idempotency-Key belongs to a job on other documents.")
    response.headers["Location"] = f"/v1/jobs/{job.id}"
    return _shown(job)


@router.get("", responses=ERRORS)
async def list_jobs(
    request: Request, caller: Asking, most: Annotated[int, Query(ge=1, le=1_000)] = 50
) -> JobList:
    """The caller's jobs, the newest first, without results."""
    found = await run_in_threadpool(_jobs(request, caller).jobs, most)
    return JobList(jobs=[_shown(job) for job in found])


@router.get("/{number:int}", responses=ERRORS | responses(404))
async def job(number: Number, request: Request, caller: Asking) -> JobShown:
    """How far a job is, and its result when it is done."""
    return _shown(await run_in_threadpool(_jobs(request, caller).job, number))


@router.get(
    "/{number:int}/events", responses=ERRORS | responses(404) | STREAM, response_class=StreamingResponse
)
async def events(number: Number, request: Request, caller: Asking) -> StreamingResponse:
    """The same as server-sent events whenever something changes, until the job ends; without the result."""
    jobs = _jobs(request, caller)
    await run_in_threadpool(jobs.job, number)
    stream = _stream(worker_of(request), jobs, number, request)
    return StreamingResponse(stream, media_type="text/event-stream", headers={"X-Accel-Buffering": "no"})


@router.post("/{number:int}/cancel", responses=ERRORS | responses(404))
async def cancel(number: Number, request: Request, caller: Asking) -> JobShown:
    """End a job; none of its reports is kept."""
    return _shown(await run_in_threadpool(_jobs(request, caller).cancel, number))


@router.delete("/{number:int}", status_code=204, responses=ERRORS | responses(404))
async def remove(number: Number, request: Request, caller: Asking) -> None:
    """Delete a job that has ended, with its result."""
    if not await run_in_threadpool(_jobs(request, caller).remove, number):
        raise NotFound("no_job", "No job of yours that has ended has this number; cancel it first.")


def _jobs(request: Request, caller: Caller) -> Jobs:
    return worker_of(request).store.jobs(caller.owner)


async def _stream(worker: Worker, jobs: Jobs, number: int, request: Request) -> AsyncIterator[bytes]:
    last = b""
    for _ in range(int(LONGEST_WATCH / POLL)):
        try:
            found = await run_in_threadpool(jobs.job, number)
        except (NotFound, StoreUnavailable):
            # Too late for a status: whoever watches asks again, and is told then.
            return
        told = _shown(found).model_copy(update={"result": None}).model_dump_json().encode()
        if told != last:
            last = told
            yield b"event: " + found.state.value.encode() + b"\ndata: " + told + b"\n\n"
        if found.state.ended or worker.stopping or await request.is_disconnected():
            return
        await asyncio.sleep(POLL)


def _shown(job: Job) -> JobShown:
    names = ("id", "kind", "done", "total", "created", "updated", "error", "message")
    result = json.loads(job.result) if job.result else None
    return JobShown(**{name: getattr(job, name) for name in names}, state=job.state.value, result=result)
