"""`/v1/audit` and `/v1/fingerprints`: what texts share with the caller's library."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request
from pydantic import BaseModel, ConfigDict, Field, StringConstraints
from starlette.concurrency import run_in_threadpool

from neural_lab.api.callers import Caller, allowed
from neural_lab.api.exclusions import LibraryExclusions, Templates, given_out
from neural_lab.api.keeping import keep
from neural_lab.api.problems import responses
from neural_lab.api.rates import counted, spend_characters
from neural_lab.api.retention import keeps
from neural_lab.api.schemas import KEEP, Given, Name, Versioned
from neural_lab.api.texts import FilePath, ReadText
from neural_lab.api.worker import Worker, worker_of
from neural_lab.audit.lookup import Located, locate
from neural_lab.auditor import Auditor
from neural_lab.kept import audit_entry
from neural_lab.ports import Library
from neural_lab.report import audit_json

router = APIRouter(prefix="/v1", tags=["audit"], dependencies=[Depends(counted)])
Asking = Annotated[Caller, Depends(allowed("audit"))]
ERRORS = responses(401, 422, 429)
Fingerprint = Annotated[str, StringConstraints(min_length=40, max_length=1_000)]


class AuditRequest(ReadText):
    path: FilePath = Field(
        "",
        description="Where the document was read from; a source from there is the document itself.",
    )
    collections: list[Name] = Field(default_factory=list, max_length=100)
    templates: Templates = Field(default_factory=list)
    exclusions: LibraryExclusions = Field(default_factory=LibraryExclusions)
    keep: bool | None = Field(None, description=KEEP)

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={"examples": [{"text": "A text of mine."}]},
    )


class AuditResponse(Versioned):
    """`document` is that of `neural-lab audit --json`; `entry` its number in the history."""

    document: dict[str, Any]
    entry: int | None = None


EXAMPLE = "to weigh the merits of a longer bridge across the northern"


class FingerprintRequest(Given):
    fingerprints: Annotated[list[Fingerprint], Field(min_length=1, max_length=10_000)]

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={"examples": [{"fingerprints": [EXAMPLE]}]},
    )


class Place(BaseModel):
    source: int
    title: str
    start: int
    end: int


class FingerprintAnswer(BaseModel):
    """`places` are where it stands letter for letter; `common` text stands in too many sources to say."""

    index: int
    found: bool
    common: bool
    places: list[Place]


class FingerprintResponse(Versioned):
    fingerprints: list[FingerprintAnswer]


@router.post("/audit", responses=ERRORS)
async def audit(body: AuditRequest, request: Request, caller: Asking) -> AuditResponse:
    """Passages that a text shares with the caller's library, with their places on both sides."""
    worker = worker_of(request)
    await spend_characters(worker, caller, len(body.text) + sum(map(len, body.templates)))
    return await run_in_threadpool(_audited, worker, caller, body)


@router.post("/fingerprints", responses=ERRORS)
async def fingerprints(body: FingerprintRequest, request: Request, caller: Asking) -> FingerprintResponse:
    """Where short pieces of text stand in the library, all in one question to the store.

    A piece is found if its letters and digits, 40 of them or more, stand in a source,
    whatever their case, spacing and punctuation.
    """
    worker = worker_of(request)
    await spend_characters(worker, caller, sum(map(len, body.fingerprints)))
    return await run_in_threadpool(_located, worker, caller, body.fingerprints)


def _audited(worker: Worker, caller: Caller, body: AuditRequest) -> AuditResponse:
    templates = given_out(body.templates)
    auditor = Auditor(worker.store.library(caller.owner), templates, body.collections)
    switches = body.exclusions.switches(template=templates is not None)
    found = auditor.audit(body.document(), switches, body.path)
    entry = None
    if keeps(worker, caller.owner, body.keep):
        (entry,) = keep(worker, caller.owner, [audit_entry(found)])
    return AuditResponse(document=audit_json.document(found), entry=entry)


def _located(worker: Worker, caller: Caller, fingerprints: Sequence[str]) -> FingerprintResponse:
    library = worker.store.library(caller.owner)
    located = locate(fingerprints, library.recall, library.texts)
    titles = _titles(library, located)
    return FingerprintResponse(fingerprints=[_answer(at, each, titles) for at, each in enumerate(located)])


def _titles(library: Library, located: Sequence[Located]) -> dict[int, str]:
    numbers = sorted({place.source for each in located for place in each.places})
    return {source.id: source.title for source in library.sources(numbers)} if numbers else {}


def _answer(index: int, located: Located, titles: dict[int, str]) -> FingerprintAnswer:
    places = [
        Place(source=m.source, title=titles.get(m.source, ""), start=there.start, end=there.end)
        for m, there in ((match, match.source_span) for match in located.places)
    ]
    found = bool(places) or located.common
    return FingerprintAnswer(index=index, found=found, common=located.common, places=places)
