"""Who asks, and what that allows."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from hashlib import blake2b
from ipaddress import ip_address, ip_network
from typing import Annotated

from fastapi import Depends, Request, Security
from fastapi.security import APIKeyCookie, HTTPBearer
from starlette.concurrency import run_in_threadpool

from neural_lab.account import User
from neural_lab.api.worker import Worker, worker_of
from neural_lab.backends.clock import utc
from neural_lab.errors import NotAllowed

COOKIE, LOCAL = "neural_lab_session", "local"
SCOPES = frozenset({"detect", "documents", "audit", "library", "history", "jobs", "metrics"})

_bearer = HTTPBearer(auto_error=False, description="A key made at /v1/account/keys.")
_cookie = APIKeyCookie(name=COOKIE, auto_error=False, description="A session opened at /v1/session.")


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
            raise NotAllowed("no_scope", f"This key has no scope “{scope}”.")


def digest_of(secret: str, key: bytes) -> bytes:
    """What is stored of a secret."""
    return blake2b(secret.encode("utf-8", "surrogatepass"), key=key[:64], digest_size=32).digest()


async def identified(
    request: Request,
    bearer: Annotated[object, Security(_bearer)],
    cookie: Annotated[str | None, Security(_cookie)],
) -> Caller:
    """The caller of a request. Raises `NotAllowed` (401) where accounts are on and nobody is logged in."""
    worker = worker_of(request)
    address = client_address(request, worker.config.trusted_proxies)
    if not worker.config.accounts:
        return Caller(LOCAL, SCOPES, address)
    secret = getattr(bearer, "credentials", None)
    found = await run_in_threadpool(_known, worker, secret, cookie)
    if found is None:
        raise NotAllowed("not_logged_in", "Log in at /v1/session, or send a key as a bearer token.")
    return found


def _known(worker: Worker, secret: str | None, cookie: str | None) -> Caller | None:
    accounts = worker.store.accounts()
    if secret is not None:
        pair = accounts.key(digest_of(secret, worker.secret))
        if pair is None:
            return None
        user, key = pair
        return Caller(user.owner, key.scopes, f"key:{key.id}", user, by_key=True)
    user_found = accounts.session(digest_of(cookie, worker.secret), utc()) if cookie else None
    return Caller(user_found.owner, SCOPES, user_found.owner, user_found) if user_found else None


def allowed(scope: str) -> Callable[..., object]:
    """A dependency: the caller, if it may do what `scope` names."""

    async def caller(found: Annotated[Caller, Depends(identified)]) -> Caller:
        found.require(scope)
        return found

    return caller


def client_address(request: Request, trusted: list[str]) -> str:
    """The client's address: the nearest one in the forwarding header that no trusted proxy has.

    A connection without an address, as over a Unix socket, is "unknown".
    """
    address = request.client.host if request.client else "unknown"
    chain = [part.strip() for part in request.headers.get("x-forwarded-for", "").split(",") if part.strip()]
    while chain and _trusted(address, trusted):
        address = chain.pop()
    return address


def _trusted(address: str, networks: list[str]) -> bool:
    try:
        return any(ip_address(address) in ip_network(network, strict=False) for network in networks)
    except ValueError:
        return False
