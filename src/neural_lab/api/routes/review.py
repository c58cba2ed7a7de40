"""`/v1/review`: admins decide about disputes whose owners agreed to training."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request
from pydantic import BaseModel, ConfigDict, Field, StringConstraints
from starlette.concurrency import run_in_threadpool

from neural_lab.api.callers import REVIEW, Caller, allowed
from neural_lab.api.problems import responses
from neural_lab.api.rates import counted
from neural_lab.api.routes.disputes import DetectorNamed, Number
from neural_lab.api.schemas import Given, Versioned
from neural_lab.api.worker import worker_of
from neural_lab.backends.clock import utc
from neural_lab.dispute import LONGEST_NOTE, QUARANTINED, Claim, Decision, State
from neural_lab.exported import review_row

router = APIRouter(prefix="/v1/review", tags=["review"], dependencies=[Depends(counted)])
Asking = Annotated[Caller, Depends(allowed(REVIEW))]
ERRORS = responses(401, 403, 422, 429)


class Decided(Given):
    decision: Decision
    note: Annotated[str, StringConstraints(max_length=LONGEST_NOTE)] = Field(
        "", description="Why; the owner of the dispute can read it."
    )

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [{"decision": "accepted"}]})


class DisputeReviewed(BaseModel):
    """A disputed passage without title, place and owner; times are ISO 8601 in UTC, empty where not yet."""

    id: int
    state: State
    created: str
    training_consented: str
    passage: str
    probability: float
    detector: DetectorNamed
    claim: Claim
    note: str
    reviewed: str
    reviewer: int = Field(description="Number of the account; 0: whoever runs the service.")
    review_note: str


class DecisionKept(DisputeReviewed, Versioned):
    pass


class DisputeCounts(BaseModel):
    """By state, of those whose owners agreed to training; `private` are all others, whatever their state."""

    quarantined: int
    accepted: int
    rejected: int
    private: int


class DisputesToReview(Versioned):
    counts: DisputeCounts
    disputes: list[DisputeReviewed]


@router.get("/disputes", responses=ERRORS)
async def disputes_to_review(
    request: Request,
    caller: Asking,
    state: State = QUARANTINED,
    most: Annotated[int, Query(ge=1, le=1_000)] = 50,
) -> DisputesToReview:
    """Disputes of all users who agreed to training, the oldest first; all others are only counted."""
    del caller
    review = worker_of(request).store.review()
    counts = await run_in_threadpool(review.counts)
    found = await run_in_threadpool(review.disputes, state, most)
    shown = [DisputeReviewed(**review_row(each)) for each in found]
    return DisputesToReview(counts=DisputeCounts(**asdict(counts)), disputes=shown)


@router.post("/disputes/{number:int}", responses=ERRORS | responses(404))
async def decide(number: Number, body: Decided, request: Request, caller: Asking) -> DecisionKept:
    """Accept or reject a dispute. What is rejected stays so; what is accepted can still be rejected."""
    review, reviewer = worker_of(request).store.review(), caller.user.id if caller.user else 0
    made = await run_in_threadpool(review.decide, number, body.decision, reviewer, utc(), body.note)
    return DecisionKept(**review_row(made))
