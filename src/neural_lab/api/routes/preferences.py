"""`/v1/preferences`: what the caller has chosen."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request
from pydantic import BaseModel, ConfigDict, Field
from starlette.concurrency import run_in_threadpool

from neural_lab.api.callers import Caller, allowed
from neural_lab.api.problems import responses
from neural_lab.api.rates import counted
from neural_lab.api.schemas import Given, Versioned
from neural_lab.api.worker import Worker, worker_of
from neural_lab.preferences import MOST_DAYS, Choices, Depth, Theme

router = APIRouter(prefix="/v1/preferences", tags=["preferences"], dependencies=[Depends(counted)])
Asking = Annotated[Caller, Depends(allowed("history"))]
ERRORS = responses(401, 422, 429)
Days = Annotated[int, Field(ge=1, le=MOST_DAYS)]


class PreferencesGiven(Given):
    """All of them: one that is left out becomes what it usually is."""

    depth: Depth = Field("library", description="What a page asks: the detector alone, or the library, too.")
    keep: bool = Field(True, description="Keep reports where a request does not say whether to.")
    keep_days: Days | None = Field(None, description="For how long; null: until they are deleted.")
    target: Annotated[float, Field(gt=0, le=1, allow_inf_nan=False)] = Field(
        0.01, description="What a page asks for as `max_false_positives`."
    )
    theme: Theme = "system"
    as_you_type: bool = Field(True, description="Whether a page asks while somebody writes.")
    zero_retention: bool = Field(False, description="Keep nothing of a text, whatever else is chosen.")

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"examples": [{"keep_days": 30, "theme": "dark"}]}
    )


def _without_defaults(schema: dict[str, Any]) -> None:
    for described in schema["properties"].values():
        described.pop("default", None)


class PreferencesChanged(PreferencesGiven):
    """Those that change: one that is left out stays as it is."""

    model_config = ConfigDict(extra="forbid", json_schema_extra=_without_defaults)


class Bounds(BaseModel):
    """What the service allows at most."""

    keep: bool
    keep_days: int | None


class PreferencesShown(Versioned):
    preferences: PreferencesGiven
    server: Bounds


@router.get("", responses=ERRORS)
async def preferences(request: Request, caller: Asking) -> PreferencesShown:
    """What the caller has chosen, and within which bounds."""
    worker = worker_of(request)
    return _shown(worker, await run_in_threadpool(lambda: worker.store.preferences(caller.owner).get()))


@router.put("", responses=ERRORS)
async def put_preferences(body: PreferencesGiven, request: Request, caller: Asking) -> PreferencesShown:
    """Choose anew. It holds from now on: what is kept already stays until it is deleted or too old."""
    worker, choices = worker_of(request), Choices(**body.model_dump())
    await run_in_threadpool(lambda: worker.store.preferences(caller.owner).put(choices))
    return _shown(worker, choices)


@router.patch("", responses=ERRORS)
async def patch_preferences(body: PreferencesChanged, request: Request, caller: Asking) -> PreferencesShown:
    """Choose some anew; the others stay, whoever changes those at the same moment."""
    worker, changes = worker_of(request), body.model_dump(exclude_unset=True)
    return _shown(
        worker, await run_in_threadpool(lambda: worker.store.preferences(caller.owner).change(changes))
    )


def _shown(worker: Worker, choices: Choices) -> PreferencesShown:
    bounds = Bounds(keep=worker.keeps, keep_days=worker.keep_days)
    return PreferencesShown(preferences=PreferencesGiven(**asdict(choices)), server=bounds)
