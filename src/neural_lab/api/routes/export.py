"""`/v1/export`: all that is the caller's, to take along."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request
from fastapi.responses import StreamingResponse

from neural_lab.api.callers import Caller, allowed
from neural_lab.api.problems import responses
from neural_lab.api.rates import counted
from neural_lab.api.worker import worker_of
from neural_lab.exported import Record, everything

router = APIRouter(prefix="/v1/export", tags=["export"], dependencies=[Depends(counted)])
NDJSON = "application/x-ndjson"
LINES: dict[int | str, dict[str, Any]] = {200: {"content": {NDJSON: {}}}}


@router.get("", responses=responses(401, 429) | LINES, response_class=StreamingResponse)
async def export(
    request: Request, caller: Annotated[Caller, Depends(allowed("history"))]
) -> StreamingResponse:
    """Preferences, reports, disputes, drafts and, for who may read it, the library, as JSON lines."""
    records = everything(worker_of(request).store, caller.owner, "library" in caller.scopes)
    return StreamingResponse(lines(records), media_type=NDJSON)


def lines(records: Iterator[Record]) -> Iterator[bytes]:
    for record in records:
        yield json.dumps(record).encode() + b"\n"
