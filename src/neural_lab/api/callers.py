"""Who asks, and what that allows."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import Annotated

from anyio import CancelScope
from fastapi import Depends, Request, Security
from fastapi.security import APIKeyCookie, HTTPBearer
from starlette.concurrency import run_in_threadpool

from neural_lab.account import User
from neural_lab.api import cookies
from neural_lab.api.addresses import client_address, from_here
from neural_lab.api.leaving import forget_gone
from neural_lab.api.passwords import digest_of
from neural_lab.api.spending import spend
from neural_lab.api.worker import Worker, worker_of
from neural_lab.backends.clock import utc
from neural_lab.errors import NotAllowed, StoreUnavailable

LOCAL = "local"
METRICS, REVIEW = "metrics", "review"
FOR_ADMINS = frozenset({METRICS, REVIEW})
READING = frozenset({"GET", "HEAD", "OPTIONS"})
SCOPES = frozenset({"detect", "documents", "audit", "library", "history", "jobs"}) | FOR_ADMINS

_bearer = HTTPBearer(auto_error=False, description="A key made at /v1/account/keys.")
_cookie = APIKeyCookie(name=cookies.SESSION, auto_error=False, description="A session opened at /v1/session.")


@dataclass(frozen=True, slots=True)
class Caller:
    """Whose data a request works on. `user` is None where there are no accounts; `name` counts requests."""

    owner: str
    scopes: frozenset[str]
    name: str
    user: User | None = None
    by_key: bool = False

    def require(self, scope: str) -> None:
        if scope not in self.scopes:
            whose = "This key" if self.by_key else "This account"
            raise NotAllowed("no_scope", f"{whose} has no scope “{scope}”.")


def scopes_of(user: User) -> frozenset[str]:
    """What a user may do, and so what any key of that user may do at most."""
    return SCOPES if user.admin else SCOPES - FOR_ADMINS


async def identified(
    request: Request,
    bearer: Annotated[object, Security(_bearer)],
    cookie: Annotated[str | None, Security(_cookie)],
) -> AsyncIterator[Caller]:
    """A dependency: `caller_of`, with what OpenAPI says of it."""
    del bearer, cookie
    found = await caller_of(request)
    try:
        yield found
    finally:
        if found.user and request.method not in READING:
            # The user may have gone while the answer was made.
            with CancelScope(shield=True), suppress(StoreUnavailable):
                await run_in_threadpool(forget_gone, worker_of(request).store, found.owner)


async def caller_of(request: Request) -> Caller:
    """The caller of a request, by its headers alone; looked for once.

    Raises `NotAllowed` (401) where accounts are on and nobody is logged in.
    """
    if not hasattr(request.state, "caller"):
        request.state.caller = await _caller(request)
    found: Caller = request.state.caller
    return found


async def _caller(request: Request) -> Caller:
    """Without accounts the connection has to come from this computer, wherever the service listens."""
    worker = worker_of(request)
    address = client_address(request, worker.config.trusted_proxies)
    if not worker.config.accounts:
        if not from_here(request):
            raise NotAllowed("not_local", "Without accounts this service answers its own computer alone.")
        return Caller(LOCAL, SCOPES, address)
    found = await run_in_threadpool(_known, worker, request)
    if found is None:
        await spend(worker, worker.limits.requests, "strangers", address)
        raise NotAllowed("not_logged_in", "Log in at /v1/session, or send a key as a bearer token.")
    return found


async def still(request: Request, caller: Caller, scope: str) -> bool:
    """Whether the caller of a request that takes long may go on: a session ends, and a key is removed."""
    worker = worker_of(request)
    if not worker.config.accounts:
        return True
    found = await run_in_threadpool(_known, worker, request)
    return found is not None and found.owner == caller.owner and scope in found.scopes


def _known(worker: Worker, request: Request) -> Caller | None:
    if "authorization" in request.headers:
        # A cookie does not count beside it: browsers send cookies of their own accord.
        scheme, _, secret = request.headers["authorization"].partition(" ")
        return _of_key(worker, secret.strip()) if scheme.lower() == "bearer" else None
    cookie = cookies.given(request, worker.config, cookies.SESSION)
    digest = digest_of(cookie, worker.secret) if cookie else None
    user = worker.store.accounts().session(digest, utc()) if digest else None
    return Caller(user.owner, scopes_of(user), user.owner, user) if user else None


def _of_key(worker: Worker, secret: str) -> Caller | None:
    pair = worker.store.accounts().key(digest_of(secret, worker.secret))
    if pair is None:
        return None
    user, key = pair
    return Caller(user.owner, key.scopes & scopes_of(user), f"key:{key.id}", user, by_key=True)


def allowed(scope: str) -> Callable[..., object]:
    """A dependency: the caller, if it may do what `scope` names."""

    async def caller(found: Annotated[Caller, Depends(identified)]) -> Caller:
        found.require(scope)
        return found

    return caller
