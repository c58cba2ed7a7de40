"""Whoever watches jobs: few streams at once for one caller, and no longer than the caller may look."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager, suppress
from time import monotonic

from fastapi import Request
from starlette.concurrency import run_in_threadpool

from neural_lab.api.callers import Caller, still
from neural_lab.api.job_schemas import shown
from neural_lab.api.worker import Worker, worker_of
from neural_lab.errors import LabError, RateLimited
from neural_lab.job import Job

MOST_STREAMS = 8
POLL, LOOK, LONGEST = 0.5, 60.0, 3_600.0
"""Seconds between two looks at a job and at who watches it, and until a stream ends."""
WAIT = 5.0
SCOPE = "jobs"


class Watchers:
    """How many streams every owner has in this process; used by its event loop alone."""

    def __init__(self) -> None:
        self._now = Counter[str]()

    def check(self, owner: str) -> None:
        """Raises `RateLimited` where there is no room for another stream."""
        if self._now[owner] >= MOST_STREAMS:
            said = f"You watch {MOST_STREAMS} jobs already: close one of those, or ask /v1/jobs now and then."
            raise RateLimited("too_many_streams", said, WAIT)

    @contextmanager
    def one(self, owner: str) -> Iterator[None]:
        self.check(owner)
        self._now[owner] += 1
        try:
            yield
        finally:
            self._now -= Counter([owner])


async def stream(number: int, request: Request, caller: Caller) -> AsyncIterator[bytes]:
    """A job whenever something changes, until it ends.

    Too late for a status, whatever goes wrong: whoever watches asks again, and is told then.
    """
    with suppress(LabError), worker_of(request).watchers.one(caller.owner):
        async for block in _blocks(number, request, caller):
            yield block


async def _blocks(number: int, request: Request, caller: Caller) -> AsyncIterator[bytes]:
    worker, told = worker_of(request), b""
    end, look = monotonic() + LONGEST, monotonic() + LOOK
    while monotonic() < end and not await request.is_disconnected():
        if monotonic() >= look:
            look = monotonic() + LOOK
            if not await still(request, caller, SCOPE):
                return
        found = await run_in_threadpool(_job, worker, caller.owner, number)
        if told != (told := shown(found).model_dump_json().encode()):
            yield b"event: " + found.state.value.encode() + b"\ndata: " + told + b"\n\n"
        if found.state.ended or worker.stopping:
            return
        await asyncio.sleep(POLL)


def _job(worker: Worker, owner: str, number: int) -> Job:
    return worker.store.jobs(owner).job(number)
