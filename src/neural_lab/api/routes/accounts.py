"""`/v1/session` and `/v1/account`: logging in and passwords; only where accounts are on."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response
from pydantic import BaseModel, ConfigDict, Field, SecretStr, StringConstraints
from starlette.concurrency import run_in_threadpool

from neural_lab.account import User
from neural_lab.api import cookies
from neural_lab.api.addresses import client_address
from neural_lab.api.callers import Caller, identified
from neural_lab.api.leaving import remove_user
from neural_lab.api.names import user_name
from neural_lab.api.passwords import hashed, in_turn
from neural_lab.api.problems import responses
from neural_lab.api.rates import counted, throttled_sign_up
from neural_lab.api.schemas import Given
from neural_lab.api.sessions import checked, closed, confirmed, opened
from neural_lab.api.worker import Worker, worker_of
from neural_lab.errors import NotAllowed, NotFound

router = APIRouter(prefix="/v1", tags=["accounts"])
ERRORS = responses(401, 404, 422, 429)
UserName = Annotated[str, StringConstraints(pattern=r"^[\w.@+-]{2,64}$")]
Password = Annotated[SecretStr, Field(min_length=1, max_length=1_000)]


class Credentials(Given):
    name: UserName
    password: Password

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"examples": [{"name": "ada", "password": "correct horse battery"}]}
    )


class PasswordChange(Given):
    password: Password
    new_password: Password


class Confirmation(Given):
    password: Password


class Account(BaseModel):
    name: str
    admin: bool
    created: str


async def logged_in(caller: Annotated[Caller, Depends(identified)]) -> User:
    """A person with a session; keys may not change accounts."""
    if caller.user is None:
        raise NotFound("no_accounts", "This service has no accounts.")
    if caller.by_key:
        raise NotAllowed("no_session", "Log in with a password for this.")
    return caller.user


Person = Annotated[User, Depends(logged_in)]
COUNTED = [Depends(counted)]


@router.post("/session", responses=ERRORS)
async def log_in(body: Credentials, request: Request, response: Response) -> Account:
    """Open a session; its cookie is HttpOnly and SameSite."""
    worker = _with_accounts(request)
    user = await checked(worker, request, body.name, body.password)
    await run_in_threadpool(opened, worker, user, request, response)
    return _shown(user)


@router.delete("/session", status_code=204, responses=ERRORS, dependencies=COUNTED)
async def log_out(request: Request, response: Response, user: Person) -> None:
    """Close this session."""
    del user
    worker = worker_of(request)
    await run_in_threadpool(closed, worker, request)
    cookies.take(response, worker.config, cookies.SESSION)


@router.post("/account", status_code=201, responses=ERRORS)
async def sign_up(body: Credentials, request: Request, response: Response) -> Account:
    """Make an account, where anybody may, and log in."""
    worker = _with_accounts(request)
    if not worker.config.sign_up:
        raise NotAllowed("no_sign_up", "Accounts are made by whoever runs this: neural-lab user add NAME.")
    name = user_name(body.name)
    await throttled_sign_up(worker, client_address(request, worker.config.trusted_proxies))
    password = await in_turn(hashed, body.password.get_secret_value())
    user = await run_in_threadpool(worker.store.accounts().add_user, name, password)
    await run_in_threadpool(opened, worker, user, request, response)
    return _shown(user)


@router.get("/account", responses=ERRORS, dependencies=COUNTED)
async def account(user: Person) -> Account:
    """Who is logged in."""
    return _shown(user)


@router.put("/account/password", status_code=204, responses=ERRORS, dependencies=COUNTED)
async def change_password(body: PasswordChange, request: Request, response: Response, user: Person) -> None:
    """Change the password; all other sessions end, keys stay."""
    worker = worker_of(request)
    await confirmed(worker, user, body.password)
    password = await in_turn(hashed, body.new_password.get_secret_value())
    await run_in_threadpool(worker.store.accounts().set_password, user.id, password)
    now = await run_in_threadpool(worker.store.accounts().user, user.id)
    await run_in_threadpool(opened, worker, now or user, request, response)


@router.delete("/account", status_code=204, responses=ERRORS, dependencies=COUNTED)
async def delete_account(body: Confirmation, request: Request, response: Response, user: Person) -> None:
    """Delete the account with everything that belongs to it."""
    worker = worker_of(request)
    await confirmed(worker, user, body.password)
    await run_in_threadpool(remove_user, worker.store, user)
    for name in (cookies.SESSION, cookies.KNOWN):
        cookies.take(response, worker.config, name)


def _with_accounts(request: Request) -> Worker:
    worker = worker_of(request)
    if not worker.config.accounts:
        raise NotFound("no_accounts", "This service has no accounts.")
    return worker


def _shown(user: User) -> Account:
    return Account(name=user.name, admin=user.admin, created=user.created)
