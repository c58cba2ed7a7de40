"""`/v1/account/keys`: what programs show instead of a password."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Path, Request
from pydantic import BaseModel, ConfigDict, Field
from starlette.concurrency import run_in_threadpool

from neural_lab.account import Key
from neural_lab.api.callers import scopes_of
from neural_lab.api.passwords import digest_of, new_key
from neural_lab.api.routes.accounts import COUNTED, ERRORS, Person
from neural_lab.api.schemas import Given, Name
from neural_lab.api.worker import worker_of
from neural_lab.errors import InvalidRequest, NotFound

router = APIRouter(prefix="/v1/account/keys", tags=["accounts"], dependencies=COUNTED)
MOST_KEYS = 20
"""Every key has limits of its own: without an end to keys there would be none to requests."""


class KeyRequest(Given):
    label: Name = ""
    scopes: Annotated[list[str], Field(min_length=1, max_length=20)]

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"examples": [{"label": "my editor", "scopes": ["detect"]}]}
    )


class KeyShown(BaseModel):
    id: int
    label: str
    scopes: list[str]
    created: str


class KeyMade(KeyShown):
    key: str = Field(description="Shown once: only its digest is stored.")


class Keys(BaseModel):
    keys: list[KeyShown]


@router.get("", responses=ERRORS)
async def keys(request: Request, user: Person) -> Keys:
    """Keys of the caller's programs, without their secrets."""
    found = await run_in_threadpool(worker_of(request).store.accounts().keys, user.id)
    return Keys(keys=[KeyShown(**_shown(key)) for key in found])


@router.post("", status_code=201, responses=ERRORS)
async def add_key(body: KeyRequest, request: Request, user: Person) -> KeyMade:
    """Make a key for a program: detect, documents, audit, library, history, jobs; metrics for admins."""
    worker, secret = worker_of(request), new_key()
    if not scopes_of(user).issuperset(body.scopes):
        raise InvalidRequest("scopes", f"scopes has to be some of {', '.join(sorted(scopes_of(user)))}.")
    accounts = worker.store.accounts()
    if len(await run_in_threadpool(accounts.keys, user.id)) >= MOST_KEYS:
        raise InvalidRequest("too_many_keys", f"Nobody has more than {MOST_KEYS} keys: delete one first.")
    digest = digest_of(secret, worker.secret)
    made = await run_in_threadpool(accounts.add_key, user.id, digest, body.label, frozenset(body.scopes))
    return KeyMade(**_shown(made), key=secret)


@router.delete("/{number}", status_code=204, responses=ERRORS)
async def remove_key(
    number: Annotated[int, Path(ge=1, le=2**31 - 1)], request: Request, user: Person
) -> None:
    """Make a key useless."""
    if not await run_in_threadpool(worker_of(request).store.accounts().remove_key, user.id, number):
        raise NotFound("no_key", "No key of yours has this number.")


def _shown(key: Key) -> dict[str, Any]:
    return {"id": key.id, "label": key.label, "scopes": sorted(key.scopes), "created": key.created}
