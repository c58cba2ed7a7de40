"""`/v1/evidence`: one check as a file that anybody can verify later."""

from __future__ import annotations

import time
from dataclasses import asdict
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request, Response
from starlette.concurrency import run_in_threadpool

from neural_lab import trail as core
from neural_lab.api.callers import Caller, allowed
from neural_lab.api.engine import answered
from neural_lab.api.evidence_schemas import BODY, FILES, EvidenceRequest, headers_of, requested
from neural_lab.api.keeping import keep
from neural_lab.api.problems import responses
from neural_lab.api.rates import counted, spend_characters
from neural_lab.api.retention import keeps
from neural_lab.api.routes.detect import note, raised
from neural_lab.api.routes.documents import asked_of
from neural_lab.api.schemas import SCHEMA
from neural_lab.api.worker import Worker, worker_of
from neural_lab.audit.audited import Audited
from neural_lab.audit.scope import Scope
from neural_lab.auditor import Auditor
from neural_lab.evidence.attached import whole_trail
from neural_lab.evidence.pack import pack
from neural_lab.evidence.paper import Form, written
from neural_lab.kept import check_entry
from neural_lab.outcome import Report
from neural_lab.ports import Library
from neural_lab.service import Lab, Question
from neural_lab.types import Document

router = APIRouter(prefix="/v1", tags=["documents"], dependencies=[Depends(counted)])
Asking = Annotated[Caller, Depends(allowed("documents"))]
Asked = Annotated[EvidenceRequest, Depends(requested)]
ERRORS = responses(401, 404, 422, 429)
Chain = dict[str, Any]
MEDIA = {Form.JSON: "application/json; charset=utf-8", Form.HTML: "text/html; charset=utf-8"}


@router.post("/evidence", responses=ERRORS | FILES, openapi_extra=BODY, response_class=Response)
async def evidence(body: Asked, request: Request, caller: Asking) -> Response:
    """A report with all that belongs to it, sealed by a digest: `neural-lab verify` recomputes it.

    A form with the JSON in a field `request` lets a page open the answer in a new tab.
    """
    begun, worker = time.perf_counter(), worker_of(request)
    lab, engine = worker.admitting()
    trail = await _asked_trail(worker, caller, body)
    document, asked = body.document(), asked_of(lab, body)
    await spend_characters(worker, caller, len(document.text))
    question = Question(document, asked.target, asked.genre, asked.writer)
    (outcome,) = await answered(engine, [question], request, worker.config.request_seconds)
    report = raised(outcome)
    note(worker, "/v1/evidence", time.perf_counter() - begun, [report])
    values, file = await run_in_threadpool(_made, worker, caller, lab, report, body, trail)
    return Response(file, media_type=MEDIA[body.format], headers=headers_of(values, body))


async def _asked_trail(worker: Worker, caller: Caller, body: EvidenceRequest) -> Chain | None:
    """Before anything is counted or scored: what is not there needs no report."""
    if body.trail is None:
        return None
    caller.require("history")
    return await run_in_threadpool(_trail, worker, caller.owner, body.trail)


def _made(
    worker: Worker, caller: Caller, lab: Lab, report: Report, body: EvidenceRequest, trail: Chain | None
) -> tuple[dict[str, Any], bytes]:
    library = worker.store.library(caller.owner) if body.audit else None
    audit, scope = _audited(library, report.document, body) if library else (None, None)
    values = pack(report, lab, audit, scope, trail, with_text=not body.without_text)
    if keeps(worker, caller.owner, body.keep):
        keep(worker, caller.owner, [check_entry(report, audit, asked_of(lab, body), scope)])
    return values, written(values, body.format)


def _audited(
    library: Library, document: Document, body: EvidenceRequest
) -> tuple[Audited | None, Scope | None]:
    """What a text shares with a library, and what that holds; None where it is empty."""
    stats = library.stats()
    if not stats.sources:
        return None, None
    audit = Auditor(library).audit(document, body.exclusions.switches(), body.path)
    return audit, Scope(stats.sources, stats.characters, tuple(sorted(stats.collections)))


def _trail(worker: Worker, owner: str, name: str) -> Chain:
    """The chain of a draft as `/v1/trails/{draft}` gives it without texts.

    Raises `NotFound`, and `InvalidRequest` for a chain that is broken.
    """
    found = worker.store.trail(owner)
    draft, chain = found.draft(name), found.snapshots(name)
    about = {"schema": SCHEMA, "draft": asdict(draft)}
    flaws = [asdict(flaw) for flaw in core.verify(chain)]
    return whole_trail({**about, "snapshots": [asdict(each) for each in chain], "flaws": flaws})
