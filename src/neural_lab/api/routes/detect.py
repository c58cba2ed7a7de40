"""`POST /detect`: many short texts, one probability each, and nothing kept."""

from __future__ import annotations

import struct
import time
from collections.abc import Sequence
from typing import Annotated
from urllib.parse import quote

from fastapi import APIRouter, Depends, Request, Response
from starlette.concurrency import run_in_threadpool

from neural_lab.api.callers import Caller, allowed
from neural_lab.api.engine import Engine, answered
from neural_lab.api.events import scored_event
from neural_lab.api.problems import responses
from neural_lab.api.rates import DETECT, counted, spend_characters
from neural_lab.api.schemas import DetectRequest, DetectResponse
from neural_lab.api.worker import Worker, worker_of
from neural_lab.backends.cache_key import CacheKeys
from neural_lab.outcome import Report
from neural_lab.service import Lab, Question
from neural_lab.types import Document

router = APIRouter(tags=["detect"])
STAGE, LAYOUT = "probability", struct.Struct("<d")
HEADER = "x-detector"
"""Name and version of the detector: the fields of this answer were settled before it could be another one."""


@router.post(
    DETECT,
    responses=responses(401, 422, 429),
    dependencies=[Depends(counted)],
)
async def detect(
    body: DetectRequest,
    request: Request,
    response: Response,
    caller: Annotated[Caller, Depends(allowed("detect"))],
) -> DetectResponse:
    """Probabilities of machine writing for 1 to 100 texts of 10 to 10,000 characters.

    The threshold turns them into predictions and changes nothing else. For verdicts
    with an error rate use `/v1/documents` or `/v1/detect`.
    """
    begun, worker = time.perf_counter(), worker_of(request)
    lab, engine = worker.admitting()
    await spend_characters(worker, caller, sum(map(len, body.texts)))
    response.headers[HEADER] = quote(f"{lab.detector.name} {lab.detector.version}", safe=" ")
    probabilities, hit = await _probabilities(worker, lab, engine, body.texts, request)
    return DetectResponse(
        predictions=[int(p >= body.threshold) for p in probabilities],
        probabilities=probabilities,
        confidence_scores=[abs(p - body.threshold) for p in probabilities],
        processing_time_ms=1e3 * (time.perf_counter() - begun),
        cache_hit=hit,
    )


async def _probabilities(
    worker: Worker, lab: Lab, engine: Engine, texts: Sequence[str], request: Request
) -> tuple[list[float], bool]:
    """One a text, in order, from the cache or from the detector; equal texts are scored once."""
    begun = time.perf_counter()
    named = CacheKeys(worker.secret, STAGE, lab.identity)
    keys = [named.key([text]) for text in texts]
    known = _unpacked(keys, await run_in_threadpool(worker.cache.get, keys))
    missing = {key: text for key, text in zip(keys, texts, strict=True) if key not in known}
    worker.meters.hits.labels("yes").inc(len(texts) - len(missing))
    worker.meters.hits.labels("no").inc(len(missing))
    if missing:
        questions = [Question(Document(text)) for text in missing.values()]
        outcomes = await answered(engine, questions, request, worker.config.request_seconds)
        reports = [raised(outcome) for outcome in outcomes]
        fresh = {key: report.probability for key, report in zip(missing, reports, strict=True)}
        await run_in_threadpool(worker.cache.put, {key: LAYOUT.pack(p) for key, p in fresh.items()})
        note(worker, DETECT, time.perf_counter() - begun, reports)
        known |= fresh
    return [known[key] for key in keys], not missing


def note(worker: Worker, kind: str, seconds: float, reports: Sequence[Report]) -> None:
    for report in reports:
        worker.meters.scored(report)
        worker.events.add(scored_event(kind, seconds, report))
        worker.shadow.offer(report)


def raised(outcome: Report | BaseException) -> Report:
    if isinstance(outcome, BaseException):
        raise outcome
    return outcome


def _unpacked(keys: Sequence[bytes], found: Sequence[bytes | None]) -> dict[bytes, float]:
    pairs = zip(keys, found, strict=True)
    return {key: LAYOUT.unpack(value)[0] for key, value in pairs if value and len(value) == LAYOUT.size}
