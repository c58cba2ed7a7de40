"""`/v1/jobs`: long documents and many of them; 202 at once, the answer later."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, Any, TypeVar

from fastapi import APIRouter, Depends, Header, Path, Query, Request, Response
from fastapi.responses import StreamingResponse
from starlette.concurrency import run_in_threadpool

from neural_lab.api.callers import Caller, allowed
from neural_lab.api.job_schemas import JobList, JobRequest, JobShown, shown
from neural_lab.api.passwords import digest_of
from neural_lab.api.problems import responses
from neural_lab.api.rates import counted, spend_characters
from neural_lab.api.routes.documents import asked_of
from neural_lab.api.watching import stream
from neural_lab.api.worker import worker_of
from neural_lab.errors import NotFound
from neural_lab.job import Job, JobState
from neural_lab.ports import Jobs

router = APIRouter(prefix="/v1/jobs", tags=["jobs"], dependencies=[Depends(counted)])
Asking = Annotated[Caller, Depends(allowed("jobs"))]
ERRORS = responses(401, 422, 429)
ACCEPTED: dict[int | str, dict[str, Any]] = {
    202: {"headers": {"Location": {"description": "Where the job is.", "schema": {"type": "string"}}}}
}
STREAM: dict[int | str, dict[str, Any]] = {200: {"content": {"text/event-stream": {}}}}
Number = Annotated[int, Path(ge=1, le=2**31 - 1)]
Answer = TypeVar("Answer")
KIND = "check"
Once = Annotated[
    str | None,
    Header(
        alias="Idempotency-Key",
        min_length=8,
        max_length=200,
        description="The same key gives the same job: a request that is sent again adds none. "
        "With other documents it is refused.",
    ),
]


@router.post("", status_code=202, responses=ERRORS | ACCEPTED, response_model=JobShown)
async def add(body: JobRequest, request: Request, caller: Asking, once: Once = None) -> Response:
    """Take on up to 1,000 documents; the `Location` tells how far they are."""
    worker = worker_of(request)
    lab, _ = worker.admitting()
    asked_of(lab, body)
    await spend_characters(worker, caller, sum(len(each.text) for each in body.documents))
    number, found = await _answer(request, caller, lambda jobs: _added(jobs, body, once or "", worker.secret))
    return _answered(found, status_code=202, headers={"Location": f"/v1/jobs/{number}"})


@router.get("", responses=ERRORS)
async def list_jobs(
    request: Request, caller: Asking, most: Annotated[int, Query(ge=1, le=1_000)] = 50
) -> JobList:
    """The caller's jobs, the newest first, without results."""
    return JobList(jobs=[shown(job) for job in await _answer(request, caller, lambda jobs: jobs.jobs(most))])


@router.get("/{number:int}", responses=ERRORS | responses(404), response_model=JobShown)
async def job(number: Number, request: Request, caller: Asking) -> Response:
    """How far a job is, and its result when it is done."""
    return _answered(await _answer(request, caller, lambda jobs: _whole(jobs, jobs.job(number))))


@router.get(
    "/{number:int}/events", responses=ERRORS | responses(404) | STREAM, response_class=StreamingResponse
)
async def events(number: Number, request: Request, caller: Asking) -> StreamingResponse:
    """The same as server-sent events whenever something changes, until the job ends; without the result."""
    await _answer(request, caller, lambda jobs: jobs.job(number))
    worker_of(request).watchers.check(caller.owner)
    found = stream(number, request, caller)
    return StreamingResponse(found, media_type="text/event-stream", headers={"X-Accel-Buffering": "no"})


@router.post("/{number:int}/cancel", responses=ERRORS | responses(404), response_model=JobShown)
async def cancel(number: Number, request: Request, caller: Asking) -> Response:
    """End a job; none of its reports is kept."""
    return _answered(await _answer(request, caller, lambda jobs: _whole(jobs, jobs.cancel(number))))


@router.delete("/{number:int}", status_code=204, responses=ERRORS | responses(404))
async def remove(number: Number, request: Request, caller: Asking) -> None:
    """Delete a job that has ended, with its result."""
    if not await _answer(request, caller, lambda jobs: jobs.remove(number)):
        raise NotFound("no_job", "No job of yours that has ended has this number; cancel it first.")


async def _answer(request: Request, caller: Caller, ask: Callable[[Jobs], Answer]) -> Answer:
    """What the caller's jobs say, in a thread: even to open them may mean to ask a database."""
    store = worker_of(request).store
    return await run_in_threadpool(lambda: ask(store.jobs(caller.owner)))


def _answered(found: bytes, **given: Any) -> Response:
    return Response(found, media_type="application/json", **given)


def _added(jobs: Jobs, body: JobRequest, once: str, secret: bytes) -> tuple[int, bytes]:
    """The number of a job, and what is told of it."""
    payload = body.model_dump_json()
    digest = digest_of(f"job:{payload}", secret) if once else b""
    job, new = jobs.add(KIND, payload, once, digest)
    return job.id, shown(job).model_dump_json().encode() if new else _whole(jobs, job)


def _whole(jobs: Jobs, job: Job) -> bytes:
    """As JSON, with the result as it was stored, where there is one: to read and write it takes long."""
    told = shown(job).model_dump_json().encode()
    result = jobs.result(job.id) if job.state is JobState.DONE else ""
    return told.removesuffix(b"null}") + result.encode() + b"}" if result else told
