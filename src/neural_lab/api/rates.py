"""Limits by requests, characters and attempts, told to the client in `RateLimit-*` and `Retry-After`."""

from __future__ import annotations

from typing import Annotated

from fastapi import Depends, Request, Response

from neural_lab.api.callers import Caller, identified
from neural_lab.api.names import folded
from neural_lab.api.spending import headers_of, hit, settle, spend
from neural_lab.api.worker import Worker, worker_of
from neural_lab.errors import InvalidRequest
from neural_lab.ports import Limiter

Asking = Annotated[Caller, Depends(identified)]


async def counted(request: Request, response: Response, caller: Asking) -> None:
    """A dependency of `/v1` routes. Raises `RateLimited`."""
    await _count(request, response, worker_of(request).limits.requests, "requests", caller)


async def counted_detect(request: Request, response: Response, caller: Asking) -> None:
    """A dependency of `/detect`, which has a budget of its own."""
    await _count(request, response, worker_of(request).limits.detect, "detect", caller)


async def spend_characters(worker: Worker, caller: Caller, characters: int) -> None:
    """Raises `RateLimited` when a client has given more to read than its share.

    What is more than the share of a whole window never fits: waiting would not help.
    """
    most = int(worker.config.character_rate.partition("/")[0])
    if characters > most:
        raise InvalidRequest("too_many_characters", f"One request may have {most:,} characters; split it.")
    await spend(worker, worker.limits.characters, "characters", caller.name, characters, "characters")


async def throttled_login(worker: Worker, name: str, address: str, known: str | None) -> None:
    """Raises `RateLimited` after too many attempts.

    Few for a name from one address; more for all names from an address, and for a name
    from everywhere. So whoever guesses at one place locks nobody out at another. Where
    somebody has logged in before, `known` counts alone: not even a crowd of guessers
    keeps the owner of a name away from there.
    """
    if known:
        await spend(worker, worker.limits.login, "login-known", known, what="attempts")
        return
    name = folded(name)
    await spend(worker, worker.limits.login, "login", f"{address} {name}", what="attempts")
    await spend(worker, worker.limits.logins, "login-address", address, what="attempts")
    await spend(worker, worker.limits.logins, "login-name", name, what="attempts")


async def throttled_sign_up(worker: Worker, address: str) -> None:
    """Counts for no name: nobody shall be kept from logging in by others who want the same name."""
    await spend(worker, worker.limits.logins, "sign-up", address, what="attempts")


async def throttled_confirmation(worker: Worker, owner: str) -> None:
    """Counts for whoever is logged in, whatever others try."""
    await spend(worker, worker.limits.login, "confirm", owner, what="attempts")


async def _count(request: Request, response: Response, limiter: Limiter, kind: str, caller: Caller) -> None:
    worker = worker_of(request)
    allowance = await hit(worker, limiter, kind, caller.name)
    request.state.rate = headers_of(allowance)
    settle(worker, allowance, "requests")
    response.headers.update(request.state.rate)
