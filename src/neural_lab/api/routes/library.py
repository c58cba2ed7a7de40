"""`/v1/library`: the caller's sources."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict
from datetime import date as Date
from typing import Annotated, Any, TypeVar

from fastapi import APIRouter, Depends, Path, Query, Request
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints
from starlette.concurrency import run_in_threadpool

from neural_lab.api.callers import Caller, allowed
from neural_lab.api.problems import responses
from neural_lab.api.rates import counted, spend_characters
from neural_lab.api.schemas import Given, Name, Text, Title, Versioned
from neural_lab.api.worker import worker_of
from neural_lab.audit.source import DEFAULT_COLLECTION, Incoming, Source
from neural_lab.errors import NotFound
from neural_lab.ports import Library

router = APIRouter(prefix="/v1/library", tags=["library"], dependencies=[Depends(counted)])
Asking = Annotated[Caller, Depends(allowed("library"))]
ERRORS = responses(401, 422, 429)
Number = Annotated[int, Path(ge=1, le=2**31 - 1)]
Most = Annotated[int, Query(ge=1, le=1_000)]
Answer = TypeVar("Answer")


def _day(given: str) -> str:
    if given:
        Date.fromisoformat(given)
    return given


# Strings, because bodies are read strictly, and 19 is no day.
Day = Annotated[str, StringConstraints(pattern=r"^([0-9]{4}-[0-9]{2}-[0-9]{2})?$"), AfterValidator(_day)]


class SourceGiven(Given):
    text: Text
    title: Title = ""
    path: Annotated[str, StringConstraints(max_length=4_096)] = ""
    date: Day = ""
    language: Annotated[str, StringConstraints(max_length=35)] = ""
    collection: Name = DEFAULT_COLLECTION

    def incoming(self) -> Incoming:
        return Incoming(self.text, self.title, self.path, self.date, self.language, self.collection)


class SourcesGiven(Given):
    sources: Annotated[list[SourceGiven], Field(min_length=1, max_length=1_000)]

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"examples": [{"sources": [{"text": "A text.", "title": "Notes"}]}]}
    )


class Added(Versioned):
    """`numbers` in the order given, null for a text that was there already."""

    numbers: list[int | None]


class SourceShown(BaseModel):
    id: int
    title: str
    path: str
    date: str
    language: str
    collection: str
    characters: int
    sha256: str
    added: str


class Sources(Versioned):
    sources: list[SourceShown]


class SourceText(SourceShown):
    text: str


class Statistics(Versioned):
    sources: int
    characters: int
    fingerprints: int
    collections: dict[str, int]


class Removed(BaseModel):
    removed: int


@router.get("", responses=ERRORS)
async def list_sources(
    request: Request,
    caller: Asking,
    after: Annotated[int, Query(ge=0, le=2**63 - 1)] = 0,
    most: Most = 100,
    search: Annotated[str | None, Query(min_length=3, max_length=200)] = None,
) -> Sources:
    """Sources by number, those behind `after`; with `search`, those that contain it, the newest first."""
    found = await _answer(request, caller, lambda library: _listed(library, after, most, search))
    return Sources(sources=[_shown(source) for source in found])


@router.post("", status_code=201, responses=ERRORS)
async def add(body: SourcesGiven, request: Request, caller: Asking) -> Added:
    """Add sources, all or none; what is there already is not added again."""
    await spend_characters(worker_of(request), caller, sum(len(each.text) for each in body.sources))
    incoming = [each.incoming() for each in body.sources]
    numbers = await _answer(request, caller, lambda library: library.add(incoming))
    return Added(numbers=numbers)


@router.get("/stats", responses=ERRORS)
async def stats(request: Request, caller: Asking) -> Statistics:
    """How much the library holds."""
    found = await _answer(request, caller, lambda library: library.stats())
    return Statistics(**asdict(found))


@router.get("/{number:int}", responses=ERRORS | responses(404))
async def source(number: Number, request: Request, caller: Asking) -> SourceText:
    """One source with its text."""
    return await _answer(request, caller, lambda library: _whole(library, number))


@router.delete("/{number:int}", responses=ERRORS | responses(404))
async def remove(number: Number, request: Request, caller: Asking) -> Removed:
    """Delete a source for good."""
    removed = await _answer(request, caller, lambda library: library.remove([number]))
    if not removed:
        raise _missing()
    return Removed(removed=removed)


async def _answer(request: Request, caller: Caller, ask: Callable[[Library], Answer]) -> Answer:
    """What the caller's library says, in a thread: even to open it may mean to ask a database."""
    store = worker_of(request).store
    return await run_in_threadpool(lambda: ask(store.library(caller.owner)))


def _listed(library: Library, after: int, most: int, search: str | None) -> list[Source]:
    if search is not None:
        return library.search(search, most)
    return [source for source in library.sources() if source.id > after][:most]


def _whole(library: Library, number: int) -> SourceText:
    found, texts = library.sources([number]), library.texts([number])
    if not found or number not in texts:
        raise _missing()
    return SourceText(**asdict(found[0]), text=texts[number])


def _shown(source: Source) -> SourceShown:
    shown: dict[str, Any] = asdict(source)
    return SourceShown(**shown)


def _missing() -> NotFound:
    return NotFound("no_source", "No source of yours has this number.")
