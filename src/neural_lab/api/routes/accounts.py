"""`/v1/session` and `/v1/account`: logging in, passwords, keys; only where accounts are on."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Path, Request, Response
from pydantic import BaseModel, ConfigDict, Field, SecretStr, StringConstraints
from starlette.concurrency import run_in_threadpool

from neural_lab.account import Key, User
from neural_lab.api.callers import COOKIE, SCOPES, Caller, client_address, digest_of, identified
from neural_lab.api.passwords import hashed, matches, new_key, new_session
from neural_lab.api.problems import responses
from neural_lab.api.rates import counted, throttled_login
from neural_lab.api.schemas import Given, Name
from neural_lab.api.worker import Worker, worker_of
from neural_lab.backends.clock import utc
from neural_lab.errors import InvalidRequest, NotAllowed, NotFound

router = APIRouter(prefix="/v1", tags=["accounts"])
ERRORS = responses(401, 403, 408, 413, 422, 429, 503)
SESSION_DAYS = 14
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


class KeyRequest(Given):
    label: Name = ""
    scopes: Annotated[list[str], Field(min_length=1, max_length=20)] = Field(..., examples=[["detect"]])


class Account(BaseModel):
    name: str
    admin: bool
    created: str


class KeyShown(BaseModel):
    id: int
    label: str
    scopes: list[str]
    created: str


class KeyMade(KeyShown):
    key: str = Field(description="Shown once: only its digest is stored.")


class Keys(BaseModel):
    keys: list[KeyShown]


async def logged_in(caller: Annotated[Caller, Depends(identified)]) -> User:
    """A person with a session; keys may not change accounts."""
    if caller.user is None:
        raise NotFound("no_accounts", "This service has no accounts.")
    if caller.by_key:
        raise NotAllowed("no_session", "Log in with a password for this.")
    return caller.user


Person = Annotated[User, Depends(logged_in)]


@router.post("/session", responses=ERRORS | responses(404))
async def log_in(body: Credentials, request: Request, response: Response) -> Account:
    """Open a session; its cookie is HttpOnly and SameSite."""
    worker = _with_accounts(request)
    address = client_address(request, worker.config.trusted_proxies)
    await throttled_login(worker, body.name, address)
    user = await run_in_threadpool(_checked, worker, body)
    if user is None:
        raise NotAllowed("not_logged_in", "The name or the password is wrong.")
    await run_in_threadpool(_open, worker, user, response)
    return _account(user)


@router.delete("/session", status_code=204, responses=ERRORS | responses(404))
async def log_out(request: Request, response: Response, user: Person) -> None:
    """Close this session."""
    del user
    worker = worker_of(request)
    secret = request.cookies.get(COOKIE, "")
    await run_in_threadpool(worker.store.accounts().close_session, digest_of(secret, worker.secret))
    response.delete_cookie(COOKIE, path="/", httponly=True, samesite="strict")


@router.post("/account", status_code=201, responses=ERRORS | responses(404))
async def sign_up(body: Credentials, request: Request, response: Response) -> Account:
    """Make an account, where anybody may, and log in."""
    worker = _with_accounts(request)
    if not worker.config.sign_up:
        raise NotAllowed("no_sign_up", "Accounts are made by whoever runs this: neural-lab user add NAME.")
    await throttled_login(worker, body.name, client_address(request, worker.config.trusted_proxies))
    password = await run_in_threadpool(hashed, body.password.get_secret_value())
    user = await run_in_threadpool(worker.store.accounts().add_user, body.name, password)
    await run_in_threadpool(_open, worker, user, response)
    return _account(user)


@router.get("/account", responses=ERRORS | responses(404), dependencies=[Depends(counted)])
async def account(user: Person) -> Account:
    """Who is logged in."""
    return _account(user)


@router.put("/account/password", status_code=204, responses=ERRORS | responses(404))
async def change_password(body: PasswordChange, request: Request, response: Response, user: Person) -> None:
    """Change the password; all other sessions end."""
    worker = worker_of(request)
    await _confirm(worker, user, body.password, request)
    password = await run_in_threadpool(hashed, body.new_password.get_secret_value())
    await run_in_threadpool(worker.store.accounts().set_password, user.id, password)
    await run_in_threadpool(_open, worker, user, response)


@router.delete("/account", status_code=204, responses=ERRORS | responses(404))
async def delete_account(body: Confirmation, request: Request, response: Response, user: Person) -> None:
    """Delete the account with its library, history, jobs, sessions and keys."""
    worker = worker_of(request)
    await _confirm(worker, user, body.password, request)
    await run_in_threadpool(worker.store.accounts().remove_user, user.id)
    await run_in_threadpool(worker.store.forget, user.owner)
    response.delete_cookie(COOKIE, path="/", httponly=True, samesite="strict")


@router.get("/account/keys", responses=ERRORS | responses(404), dependencies=[Depends(counted)])
async def keys(request: Request, user: Person) -> Keys:
    """Keys of the caller's programs, without their secrets."""
    found = await run_in_threadpool(worker_of(request).store.accounts().keys, user.id)
    return Keys(keys=[KeyShown(**_key(key)) for key in found])


@router.post(
    "/account/keys", status_code=201, responses=ERRORS | responses(404), dependencies=[Depends(counted)]
)
async def add_key(body: KeyRequest, request: Request, user: Person) -> KeyMade:
    """Make a key for a program: detect, documents, audit, library, history, jobs; metrics for admins."""
    worker = worker_of(request)
    allowed = SCOPES if user.admin else SCOPES - {"metrics"}
    if not allowed.issuperset(body.scopes):
        raise InvalidRequest("scopes", f"scopes has to be some of {', '.join(sorted(allowed))}.")
    secret = new_key()
    digest = digest_of(secret, worker.secret)
    add = worker.store.accounts().add_key
    made = await run_in_threadpool(add, user.id, digest, body.label, frozenset(body.scopes))
    return KeyMade(**_key(made), key=secret)


@router.delete("/account/keys/{number}", status_code=204, responses=ERRORS | responses(404))
async def remove_key(
    number: Annotated[int, Path(ge=1, le=2**31 - 1)], request: Request, user: Person
) -> None:
    """Make a key useless."""
    if not await run_in_threadpool(worker_of(request).store.accounts().remove_key, user.id, number):
        raise NotFound("no_key", "No key of yours has this number.")


def _with_accounts(request: Request) -> Worker:
    worker = worker_of(request)
    if not worker.config.accounts:
        raise NotFound("no_accounts", "This service has no accounts.")
    return worker


def _checked(worker: Worker, body: Credentials) -> User | None:
    user = worker.store.accounts().named(body.name)
    right = matches(body.password.get_secret_value(), user.password if user else None)
    return user if right else None


async def _confirm(worker: Worker, user: User, password: SecretStr, request: Request) -> None:
    """Raises `NotAllowed` unless it is the user's password; as limited as logging in."""
    await throttled_login(worker, user.name, client_address(request, worker.config.trusted_proxies))
    if not await run_in_threadpool(matches, password.get_secret_value(), user.password):
        raise NotAllowed("wrong_password", "The password is wrong.")


def _open(worker: Worker, user: User, response: Response) -> None:
    secret = new_session()
    worker.store.accounts().open_session(user.id, digest_of(secret, worker.secret), utc(-SESSION_DAYS))
    response.set_cookie(
        COOKIE,
        secret,
        max_age=SESSION_DAYS * 86_400,
        path="/",
        secure=worker.config.secure_cookies or not worker.config.loopback,
        httponly=True,
        samesite="strict",
    )


def _account(user: User) -> Account:
    return Account(name=user.name, admin=user.admin, created=user.created)


def _key(key: Key) -> dict[str, Any]:
    return {"id": key.id, "label": key.label, "scopes": sorted(key.scopes), "created": key.created}
