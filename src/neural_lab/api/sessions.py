"""Sessions are opened, checked and closed."""

from __future__ import annotations

from fastapi import Request, Response
from pydantic import SecretStr
from starlette.concurrency import run_in_threadpool

from neural_lab.account import User
from neural_lab.api import cookies
from neural_lab.api.addresses import client_address
from neural_lab.api.names import user_name
from neural_lab.api.passwords import digest_of, in_turn, matches, new_session
from neural_lab.api.rates import throttled_confirmation, throttled_login
from neural_lab.api.worker import Worker
from neural_lab.backends.clock import utc
from neural_lab.errors import NotAllowed, NotFound

SESSION_DAYS = 14


async def checked(worker: Worker, request: Request, typed: str, password: SecretStr) -> User:
    """The user of a name and a password. Raises `NotAllowed`, as soon and in the same words for any name."""
    name, config = user_name(typed), worker.config
    known = cookies.known(cookies.given(request, config, cookies.KNOWN), name, worker.secret)
    await throttled_login(worker, name, client_address(request, config.trusted_proxies), known)
    user = await run_in_threadpool(worker.store.accounts().named, name)
    right = await in_turn(matches, password.get_secret_value(), user.password if user else None)
    if user is None or not right:
        raise _wrong()
    return user


async def confirmed(worker: Worker, user: User, password: SecretStr) -> None:
    """Raises `NotAllowed` unless it is the user's password."""
    await throttled_confirmation(worker, user.owner)
    if not await in_turn(matches, password.get_secret_value(), user.password):
        raise NotAllowed("wrong_password", "The password is wrong.")


def opened(worker: Worker, user: User, request: Request, response: Response) -> None:
    """A new session, always under a new secret; the one that the browser had is closed.

    Raises `NotAllowed` when the password was changed meanwhile: that ended all sessions.
    """
    accounts, secret = worker.store.accounts(), new_session()
    digest = digest_of(secret, worker.secret)
    closed(worker, request)
    try:
        accounts.open_session(user.id, digest, utc(-SESSION_DAYS))
    except NotFound:
        raise _wrong() from None
    now = accounts.user(user.id)
    if now is None or now.password != user.password:
        accounts.close_session(digest)
        raise _wrong()
    cookies.put(response, worker.config, cookies.SESSION, secret, SESSION_DAYS)
    proof = cookies.new_known(user.name, worker.secret)
    cookies.put(response, worker.config, cookies.KNOWN, proof, cookies.KNOWN_DAYS)


def closed(worker: Worker, request: Request) -> None:
    secret = cookies.given(request, worker.config, cookies.SESSION)
    if secret:
        worker.store.accounts().close_session(digest_of(secret, worker.secret))


def _wrong() -> NotAllowed:
    return NotAllowed("not_logged_in", "The name or the password is wrong.")
