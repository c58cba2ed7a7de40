"""Limits by requests and by characters, told to the client in `RateLimit-*` and `Retry-After`."""

from __future__ import annotations

import math
from typing import Annotated

from fastapi import Depends, Request, Response
from starlette.concurrency import run_in_threadpool

from neural_lab.api.callers import Caller, identified
from neural_lab.api.worker import Worker, worker_of
from neural_lab.errors import RateLimited
from neural_lab.ports import Allowance, Limiter

Asking = Annotated[Caller, Depends(identified)]


async def counted(request: Request, response: Response, caller: Asking) -> None:
    """A dependency of `/v1` routes. Raises `RateLimited`."""
    worker = worker_of(request)
    await _spend(worker, worker.limits.requests, f"requests:{caller.name}", 1, request, "requests")
    response.headers.update(request.state.rate)


async def counted_detect(request: Request, response: Response, caller: Asking) -> None:
    """A dependency of `/detect`, which has a budget of its own."""
    worker = worker_of(request)
    await _spend(worker, worker.limits.detect, f"detect:{caller.name}", 1, request, "requests")
    response.headers.update(request.state.rate)


async def spend_characters(worker: Worker, caller: Caller, characters: int) -> None:
    """Raises `RateLimited` when a client has given more to read than its share."""
    if characters > _most(worker):
        message = f"One request may have {_most(worker):,} characters; split it."
        raise RateLimited("too_many_characters", message)
    await _spend(
        worker, worker.limits.characters, f"characters:{caller.name}", characters, None, "characters"
    )


async def throttled_login(worker: Worker, name: str, address: str) -> None:
    """Raises `RateLimited` after too many attempts on a name, or from an address."""
    for key in (f"name:{name.casefold()}", f"address:{address}"):
        await _spend(worker, worker.limits.login, f"login:{key}", 1, None, "attempts")


async def _spend(
    worker: Worker, limiter: Limiter, key: str, cost: int, request: Request | None, what: str
) -> None:
    allowance = await run_in_threadpool(limiter.hit, key, cost)
    if request is not None:
        request.state.rate = headers_of(allowance)
    if not allowance.allowed:
        worker.meters.refused.labels("rate_limited").inc()
        message = f"At most {allowance.limit:,} {what} in {allowance.window} seconds."
        raise RateLimited("rate_limited", message, allowance.reset_after)


def headers_of(allowance: Allowance) -> dict[str, str]:
    return {
        "RateLimit-Limit": str(allowance.limit),
        "RateLimit-Remaining": str(max(allowance.remaining, 0)),
        "RateLimit-Reset": str(math.ceil(allowance.reset_after)),
        "RateLimit-Policy": f"{allowance.limit};w={allowance.window}",
    }


def _most(worker: Worker) -> int:
    return int(worker.config.character_rate.partition("/")[0])
