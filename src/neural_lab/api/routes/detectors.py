"""`/v1/detectors`: which detector answers, and how often it is wrong."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Path, Request
from pydantic import BaseModel, Field

from neural_lab.api.callers import Caller, allowed
from neural_lab.api.problems import responses
from neural_lab.api.rates import counted
from neural_lab.api.schemas import Versioned
from neural_lab.api.worker import Serving, worker_of
from neural_lab.detect.detector import Reference
from neural_lab.errors import NotFound
from neural_lab.report import words

router = APIRouter(prefix="/v1/detectors", tags=["detectors"], dependencies=[Depends(counted)])
Asking = Annotated[Caller, Depends(allowed("detect"))]
ERRORS = responses(401, 429)


class DetectorShown(BaseModel):
    name: str
    version: str
    identity: str = Field(description="One word for models and all that was fitted.")
    targets: list[float] = Field(description="False-positive rates that it has cut points for.")
    shortest_words: int
    key: str = Field(description="Its name among the detectors that are kept; empty for the installed one.")
    since: str = Field(description="Since when the process that answers does so with it.")


class Detectors(Versioned):
    detectors: list[DetectorShown]


class Drawn(BaseModel):
    """Quantiles at `levels` by signal and kind of text, of `texts` texts of each kind."""

    levels: list[float]
    texts: dict[str, int]
    signals: dict[str, dict[str, list[float]]]


class ErrorCard(DetectorShown):
    """Cut points by length with the human texts they were tried on, and rates by genre, writer and source.

    `reference` has the 10th, 50th and 90th percentile of each signal's mean over human and over
    machine texts, `distributions` more of them, where they were counted.
    """

    operating_points: list[dict[str, Any]]
    error_rows: list[dict[str, Any]]
    reference: Reference
    distributions: Drawn | None
    names: dict[str, str] = Field(description="What signals and contributions are called.")


@router.get("", responses=ERRORS)
async def detectors(request: Request, caller: Asking) -> Detectors:
    """The detectors that this service answers with."""
    del caller
    return Detectors(detectors=[DetectorShown(**_named(worker_of(request).answering()))])


@router.get("/{name}", responses=ERRORS | responses(404, 422))
async def detector(name: Annotated[str, Path(max_length=100)], request: Request, caller: Asking) -> ErrorCard:
    """One detector with its error card."""
    del caller
    found = worker_of(request).answering()
    lab = found.lab
    if name != lab.detector.name:
        raise NotFound("no_detector", "No detector has this name.")
    points = [asdict(point) | {"interval": list(point.interval)} for point in lab.detector.operating_points]
    rows = [asdict(row) | {"interval": list(row.interval)} for row in lab.detector.error_rows]
    return ErrorCard(
        **_named(found),
        operating_points=points,
        error_rows=rows,
        reference=lab.detector.reference,
        distributions=Drawn(**lab.distributions.as_dict()) if lab.distributions else None,
        names={key: words.name(key) for key in (*words.SIGNALS, *words.TERMS)} | {"sum": words.SUM},
    )


def _named(serving: Serving) -> dict[str, Any]:
    found = serving.lab.detector
    return {
        "name": found.name,
        "version": found.version,
        "identity": serving.lab.identity,
        "targets": list(found.targets),
        "shortest_words": found.shortest_words,
        "key": serving.version,
        "since": serving.since,
    }
