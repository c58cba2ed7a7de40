"""`/v1/documents` and `/v1/detect`: whole reports, on one document or on many."""

from __future__ import annotations

import time
from collections.abc import Mapping
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request
from starlette.concurrency import run_in_threadpool

from neural_lab.api.callers import Caller, allowed
from neural_lab.api.engine import answered
from neural_lab.api.keeping import keep
from neural_lab.api.logs import log
from neural_lab.api.problems import UNEXPECTED, responses, told
from neural_lab.api.rates import counted, spend_characters
from neural_lab.api.retention import keeps
from neural_lab.api.routes.detect import note, raised
from neural_lab.api.schemas import (
    BatchError,
    BatchRequest,
    BatchResponse,
    DocumentOptions,
    DocumentResponse,
    Judging,
)
from neural_lab.api.submitted import BODY, submitted
from neural_lab.api.worker import Worker, worker_of
from neural_lab.audit.audited import Audited
from neural_lab.auditor import Auditor
from neural_lab.batch import Asked
from neural_lab.errors import LabError
from neural_lab.kept import check_entry
from neural_lab.outcome import Report
from neural_lab.report import as_json, audit_json
from neural_lab.report.as_shown import shown
from neural_lab.service import Lab, Question
from neural_lab.types import Document

router = APIRouter(prefix="/v1", tags=["documents"], dependencies=[Depends(counted)])
Asking = Annotated[Caller, Depends(allowed("documents"))]
ERRORS = responses(401, 422, 429)


Submitted = Annotated[tuple[Document, DocumentOptions], Depends(submitted)]


@router.post("/documents", responses=ERRORS, openapi_extra=BODY)
async def document(given: Submitted, request: Request, caller: Asking) -> DocumentResponse:
    """A report on one text, as JSON or as a file: verdict, sentences, contributions, error rates, and
    passages of the caller's library. A file's content decides what it is, not its name.
    """
    text, body = given
    begun, worker = time.perf_counter(), worker_of(request)
    lab, engine = worker.admitting()
    await spend_characters(worker, caller, len(text.text))
    asked = asked_of(lab, body)
    (outcome,) = await answered(engine, [_question(text, asked)], request, worker.config.request_seconds)
    report = raised(outcome)
    note(worker, "/v1/documents", time.perf_counter() - begun, [report])
    row, entry = await run_in_threadpool(_finished, worker, caller, report, asked, body)
    said = await run_in_threadpool(shown, report)
    return DocumentResponse(detector=named(lab), document=row, shown=said, entry=entry)


@router.post("/detect", responses=ERRORS)
async def detect(body: BatchRequest, request: Request, caller: Asking) -> BatchResponse:
    """Reports on 1 to 100 texts; one that cannot be scored does not fail the others. Nothing is kept."""
    begun, worker = time.perf_counter(), worker_of(request)
    lab, engine = worker.admitting()
    await spend_characters(worker, caller, sum(len(each.text) for each in body.documents))
    asked = asked_of(lab, body)
    questions = [_question(Document(each.text, each.title), asked) for each in body.documents]
    outcomes = list(enumerate(await answered(engine, questions, request, worker.config.request_seconds)))
    failed = [failure(at, each) for at, each in outcomes if isinstance(each, BaseException)]
    reports = {at: each for at, each in outcomes if isinstance(each, Report)}
    note(worker, "/v1/detect", time.perf_counter() - begun, list(reports.values()))
    rows = await run_in_threadpool(_rows, reports)
    return BatchResponse(detector=named(lab), documents=rows, errors=failed)


def _rows(reports: Mapping[int, Report]) -> list[dict[str, Any]]:
    return [{"index": at, **as_json.document(each), "shown": shown(each)} for at, each in reports.items()]


def failure(index: int, error: BaseException) -> BatchError:
    """What is said of one document that gave no report; the log has the kind of what nobody expected."""
    if isinstance(error, LabError):
        return BatchError(index=index, code=error.code, message=told(error))
    log().error("unexpected", kind=type(error).__name__)
    return BatchError(index=index, code="unexpected", message=UNEXPECTED)


def _finished(
    worker: Worker, caller: Caller, report: Report, asked: Asked, body: DocumentOptions
) -> tuple[dict[str, Any], int | None]:
    """The report as plain values with its audit, and its number in the history if it is kept."""
    found = audited(worker, caller, report.document) if body.audit else None
    row = as_json.document(report) | {"audit": audit_json.document(found) if found else None}
    if not keeps(worker, caller.owner, body.keep):
        return row, None
    (number,) = keep(worker, caller.owner, [check_entry(report, found, asked)])
    return row, number


def audited(worker: Worker, caller: Caller, given: Document) -> Audited | None:
    """What a document shares with the caller's library; None where that is empty."""
    library = worker.store.library(caller.owner)
    return Auditor(library).audit(given) if library.stats().sources else None


def asked_of(lab: Lab, judging: Judging) -> Asked:
    """Raises `InvalidRequest` for a rate, genre or writer that the detector does not know."""
    return Asked.typed(lab.detector, repr(judging.max_false_positives), judging.genre, judging.writer)


def _question(given: Document, asked: Asked) -> Question:
    return Question(given, asked.target, asked.genre, asked.writer)


def named(lab: Lab) -> dict[str, str]:
    return {"name": lab.detector.name, "version": lab.detector.version}
