"""`/v1/compare`: what texts share with one another."""

from __future__ import annotations

import json
from typing import Annotated, Any

from anyio import CapacityLimiter, to_thread
from fastapi import APIRouter, Depends, Request, Response
from pydantic import ConfigDict, Field

from neural_lab import auditor
from neural_lab.api.callers import Caller, allowed
from neural_lab.api.exclusions import Exclusions, Templates, given_out
from neural_lab.api.problems import responses
from neural_lab.api.rates import counted, spend_characters
from neural_lab.api.schemas import Given, Versioned
from neural_lab.api.texts import FewPlaces, NumberedPage, ReadText, Stretch
from neural_lab.api.worker import worker_of
from neural_lab.backends.memory_store import MemoryStore
from neural_lab.errors import InvalidRequest
from neural_lab.report import audit_json

router = APIRouter(prefix="/v1", tags=["audit"], dependencies=[Depends(counted)])
Asking = Annotated[Caller, Depends(allowed("audit"))]
MOST_DOCUMENTS, MOST_CHARACTERS, MOST_WORK = 200, 2_000_000, 100_000_000
"""Documents, characters of them all, and both multiplied: copies of one text all match one another."""
MOST_PLACES, AT_ONCE = 1_000, CapacityLimiter(2)
TOO_MUCH = (
    "{documents} documents may have {most:,} characters together: the command neural-lab compare takes any."
)


class Compared(ReadText):
    """One of many: what one body may hold in places is bounded for all of them."""

    quoted: list[Stretch] = Field(default_factory=list, max_length=MOST_PLACES)
    pages: list[NumberedPage] = Field(default_factory=list, max_length=MOST_PLACES)


class CompareRequest(Given):
    documents: Annotated[list[Compared], Field(min_length=2, max_length=MOST_DOCUMENTS), FewPlaces]
    templates: Templates = Field(default_factory=list)
    exclusions: Exclusions = Field(default_factory=Exclusions)

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={"examples": [{"documents": [{"text": "A text."}, {"text": "Another text."}]}]},
    )


class CompareResponse(Versioned):
    """As `neural-lab compare --json`; `errors` is empty."""

    documents: list[dict[str, Any]]
    matrix: list[list[float]]
    pairs: list[dict[str, Any]]
    errors: list[dict[str, Any]]


@router.post("/compare", responses=responses(401, 422, 429), response_model=CompareResponse)
async def compare(body: CompareRequest, request: Request, caller: Asking) -> Response:
    """Passages that 2 to 200 texts share with one another; the library is not searched, and nothing kept."""
    characters = sum(len(each.text) for each in body.documents)
    most = most_characters(len(body.documents))
    if characters > most:
        said = TOO_MUCH.format(documents=len(body.documents), most=most)
        raise InvalidRequest("cohort_too_large", said)
    await spend_characters(worker_of(request), caller, characters + sum(map(len, body.templates)))
    found = await to_thread.run_sync(_compared, body, limiter=AT_ONCE)
    return Response(found, media_type="application/json")


def most_characters(documents: int) -> int:
    """Of so many documents together."""
    return min(MOST_CHARACTERS, MOST_WORK // documents)


def _compared(body: CompareRequest) -> bytes:
    """As JSON, since a large answer takes long to write."""
    templates = given_out(body.templates)
    documents = [each.document() for each in body.documents]
    empty = MemoryStore(most_sources=auditor.most_sources(len(documents))).library("")
    switches = body.exclusions.switches(template=templates is not None)
    cohort = auditor.compare(documents, empty, switches, templates=templates)
    return json.dumps(audit_json.cohort(cohort, []), ensure_ascii=False, allow_nan=False).encode()
