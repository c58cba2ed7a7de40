"""Limits by requests, characters and attempts, told to the client in `RateLimit-*` and `Retry-After`."""

from __future__ import annotations

from typing import Annotated

from fastapi import Depends, Request

from neural_lab.api import cookies
from neural_lab.api.addresses import client_address
from neural_lab.api.callers import Caller, caller_of, identified
from neural_lab.api.names import folded
from neural_lab.api.spending import headers_of, hit, settle, spend
from neural_lab.api.worker import Limits, Worker, worker_of
from neural_lab.errors import InvalidRequest
from neural_lab.ports import Limiter

Asking = Annotated[Caller, Depends(identified)]
DETECT = "/detect"


async def counted(request: Request, caller: Asking) -> None:
    """A dependency of all routes that have a limit: `count`, should nobody have counted yet."""
    del caller
    await count(request)


async def count(request: Request) -> None:
    """Count a request, once, against the limit of its path; what is left goes into `request.state.rate`.

    Raises `RateLimited`, and `NotAllowed` as `caller_of`.
    """
    caller, worker = await caller_of(request), worker_of(request)
    if hasattr(request.state, "rate"):
        return
    limiter, kind = _budget(worker.limits, request.scope["path"])
    allowance = await hit(worker, limiter, kind, caller.name)
    request.state.rate = headers_of(allowance)
    settle(worker, allowance, "requests")


async def count_door(request: Request) -> None:
    """Count a request of somebody who need not be logged in, before it is read. Raises `RateLimited`.

    By its address, with as much room as any client has; a browser in which somebody has
    logged in counts for itself, whoever else is at its address.
    """
    worker = worker_of(request)
    config, requests = worker.config, worker.limits.requests
    if known := cookies.browser(cookies.given(request, config, cookies.KNOWN), worker.secret):
        await spend(worker, requests, "door-known", known)
    else:
        await spend(worker, requests, "door", client_address(request, config.trusted_proxies))


def _budget(limits: Limits, path: str) -> tuple[Limiter, str]:
    return (limits.detect, "detect") if path == DETECT else (limits.requests, "requests")


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
