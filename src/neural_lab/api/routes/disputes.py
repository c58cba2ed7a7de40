"""`/v1/disputes`: flags that the caller says are wrong; kept with consent, learnt from with another."""

from __future__ import annotations

from dataclasses import replace
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Path, Query, Request
from pydantic import ConfigDict, Field, StringConstraints, model_validator
from starlette.concurrency import run_in_threadpool

from neural_lab.api.callers import Caller, allowed
from neural_lab.api.problems import responses
from neural_lab.api.rates import counted, spend_characters
from neural_lab.api.retention import check_kept
from neural_lab.api.schemas import Given, Name, Title, Versioned
from neural_lab.api.worker import Worker, worker_of
from neural_lab.backends.clock import utc
from neural_lab.dispute import LONGEST_NOTE, LONGEST_PASSAGE, Claim, Dispute, State
from neural_lab.errors import InvalidRequest, NotFound
from neural_lab.exported import dispute_row
from neural_lab.types import Span

router = APIRouter(prefix="/v1/disputes", tags=["disputes"], dependencies=[Depends(counted)])
Asking = Annotated[Caller, Depends(allowed("history"))]
ERRORS = responses(401, 422, 429)
Number = Annotated[int, Path(ge=1, le=2**31 - 1)]
Digest = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]
Place = Annotated[int, Field(ge=0, le=2**31 - 1)]
NO_CONSENT = "A passage is kept with your consent alone: send “consent”: true, or hand in nothing."
NONE = "No dispute of yours has this number."
EXAMPLE: dict[str, Any] = {
    "title": "Notes",
    "text_sha256": "a570f0665a972c050730302b6cd7917703c06373b9a1f900f0b4242dc29f77ad",
    "start": 0,
    "end": 17,
    "passage": "The bus was late.",
    "probability": 0.93,
    "detector": {"name": "embedded", "version": "1"},
    "claim": "human",
    "note": "I wrote this on a train.",
    "consent": True,
    "training_consent": False,
}


class DetectorNamed(Given):
    name: Name
    version: Name


class Disputed(Given):
    """What a report said of a passage, from `start` to `end` of a text, and who wrote it in truth."""

    title: Title = ""
    text_sha256: Digest
    start: Place
    end: Place
    passage: Annotated[str, StringConstraints(min_length=1, max_length=LONGEST_PASSAGE)]
    probability: Annotated[float, Field(ge=0, le=1, allow_inf_nan=False)]
    detector: DetectorNamed
    claim: Claim
    note: Annotated[str, StringConstraints(max_length=LONGEST_NOTE)] = ""


class DisputeRequest(Disputed):
    consent: bool = Field(
        description="That the passage is kept, to make detectors better.", json_schema_extra={"const": True}
    )
    training_consent: bool = Field(
        False, description="Also that a reviewer reads it, and that detectors may be trained on it."
    )

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [EXAMPLE]})

    @model_validator(mode="after")
    def whole(self) -> DisputeRequest:
        """Offsets that count something else than characters would point at other words."""
        if len(self.passage) != self.end - self.start:
            raise ValueError("passage has to be the characters of the text from start to end")
        return self

    def dispute(self, now: str) -> Dispute:
        named = self.detector.name, self.detector.version
        shown = self.passage, self.probability, *named, self.claim, self.note
        agreed = now if self.training_consent else ""
        span = Span(self.start, self.end)
        made = Dispute(now, now, self.title, self.text_sha256, span, *shown)
        return replace(made, training_consented=agreed)


class ConsentGiven(Given):
    training_consent: bool = Field(
        description="Whether detectors may be trained on the passage from now on.", examples=[False]
    )


class DisputeShown(Disputed):
    id: int
    state: State
    created: str
    consented: str
    training_consented: str = Field(description="When the caller agreed to training; empty: not now.")
    reviewed: str = Field(description="When somebody decided; empty: nobody has.")
    reviewer: int = Field(description="Number of that account; 0: whoever runs the service.")
    review_note: str


class DisputeAdded(DisputeShown, Versioned):
    pass


class Disputes(Versioned):
    disputes: list[DisputeShown]


@router.post("", status_code=201, responses=ERRORS)
async def add(body: DisputeRequest, request: Request, caller: Asking) -> DisputeAdded:
    """Say that a flag is wrong. The passage is kept apart, until the dispute is withdrawn."""
    if not body.consent:
        raise InvalidRequest("no_consent", NO_CONSENT)
    worker = worker_of(request)
    await spend_characters(worker, caller, len(body.passage) + len(body.note))
    return DisputeAdded(**dispute_row(await run_in_threadpool(_added, worker, caller.owner, body)))


@router.get("", responses=ERRORS)
async def disputes(
    request: Request, caller: Asking, most: Annotated[int, Query(ge=1, le=1_000)] = 50
) -> Disputes:
    """The caller's disputes, the newest first."""
    store = worker_of(request).store
    found = await run_in_threadpool(lambda: store.disputes(caller.owner).disputes(most))
    return Disputes(disputes=[DisputeShown(**dispute_row(each)) for each in found])


@router.patch("/{number:int}", responses=ERRORS | responses(403, 404))
async def consent(number: Number, body: ConsentGiven, request: Request, caller: Asking) -> DisputeAdded:
    """Agree that detectors are trained on the passage, or take that back.

    Taken back, no later training reads it; a detector that was trained keeps what it learnt.
    """
    worker = worker_of(request)
    changed = await run_in_threadpool(_consented, worker, caller.owner, number, body.training_consent)
    if changed is None:
        raise NotFound("no_dispute", NONE)
    return DisputeAdded(**dispute_row(changed))


@router.delete("/{number:int}", status_code=204, responses=ERRORS | responses(404))
async def withdraw(number: Number, request: Request, caller: Asking) -> None:
    """Delete a dispute with its passage for good."""
    store = worker_of(request).store
    if not await run_in_threadpool(lambda: store.disputes(caller.owner).withdraw(number)):
        raise NotFound("no_dispute", NONE)


def _added(worker: Worker, owner: str, body: DisputeRequest) -> Dispute:
    check_kept(worker, owner)
    return worker.store.disputes(owner).add(body.dispute(utc()))


def _consented(worker: Worker, owner: str, number: int, agreed: bool) -> Dispute | None:
    """Can always be taken back; nobody gives more of a text away while nothing of theirs is kept."""
    if agreed:
        check_kept(worker, owner)
    return worker.store.disputes(owner).consent(number, utc() if agreed else "")
