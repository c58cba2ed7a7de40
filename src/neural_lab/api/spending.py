"""One step of a limit: counted under a name that nobody can read, and refused with what a client needs."""

from __future__ import annotations

import math

from starlette.concurrency import run_in_threadpool

from neural_lab.api.passwords import digest_of
from neural_lab.api.worker import Worker
from neural_lab.errors import RateLimited
from neural_lab.ports import Allowance, Limiter

SHOWN = 32


def key_of(worker: Worker, kind: str, name: str) -> str:
    """What stands in Redis: of fixed length, and neither an address nor the name of a user."""
    return f"{kind}:{digest_of(f'{kind}:{name}', worker.secret).hex()[:SHOWN]}"


async def hit(worker: Worker, limiter: Limiter, kind: str, name: str, cost: int = 1) -> Allowance:
    return await run_in_threadpool(limiter.hit, key_of(worker, kind, name), cost)


async def spend(
    worker: Worker, limiter: Limiter, kind: str, name: str, cost: int = 1, what: str = "requests"
) -> None:
    """Raises `RateLimited`."""
    settle(worker, await hit(worker, limiter, kind, name, cost), what)


def settle(worker: Worker, allowance: Allowance, what: str) -> None:
    """Raises `RateLimited` when there was no room."""
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
