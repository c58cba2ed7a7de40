"""Probes and figures: none of them is limited, and none tells anything of a user."""

from __future__ import annotations

import secrets
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request, Response
from fastapi.responses import PlainTextResponse
from starlette.concurrency import run_in_threadpool

from neural_lab.api.callers import Caller, allowed
from neural_lab.api.problems import responses
from neural_lab.api.schemas import Health
from neural_lab.api.worker import Worker, worker_of
from neural_lab.errors import StoreUnavailable
from neural_lab.ports import Cache

router = APIRouter(tags=["health"])
PROBE = b"health".ljust(32)
NEEDED = ("model", "store")
PLAIN: dict[int | str, dict[str, Any]] = {200: {"content": {"text/plain": {}}}}


@router.get("/livez")
async def livez() -> dict[str, str]:
    """The process answers."""
    return {"status": "alive"}


@router.get("/readyz", responses=responses(503))
async def readyz(request: Request) -> dict[str, str]:
    """The process takes work: the detector is loaded, the store answers, nothing is shutting down or full."""
    worker = worker_of(request)
    worker.admitting()
    await run_in_threadpool(worker.store.ping)
    return {"status": "ready"}


@router.get("/health", responses={503: {"model": Health}})
async def health(request: Request, response: Response) -> Health:
    """What works and what does not; 503 when something that is needed does not."""
    worker = worker_of(request)
    found = await run_in_threadpool(_components, worker)
    broken = [name for name in NEEDED if not found[name]]
    response.status_code = 503 if broken else 200
    status = "unhealthy" if broken else "healthy" if all(found.values()) else "degraded"
    detector = f"{worker.lab.detector.name} {worker.lab.detector.version}" if worker.lab else None
    return Health(status=status, components=found, version=request.app.version, detector=detector)


@router.get("/metrics", responses=PLAIN | responses(401), response_class=PlainTextResponse)
async def metrics(request: Request, caller: Annotated[Caller, Depends(allowed("metrics"))]) -> Response:
    """Figures in the text format of Prometheus."""
    del caller
    page = await run_in_threadpool(worker_of(request).meters.page)
    return Response(page, media_type="text/plain; version=0.0.4; charset=utf-8")


def _components(worker: Worker) -> dict[str, bool]:
    return {
        "model": _model(worker),
        "store": _store(worker),
        "cache": _cache(worker),
        "memory": not worker.full,
    }


def _model(worker: Worker) -> bool:
    return worker.lab is not None and worker.engine is not None


def _cache(worker: Worker) -> bool:
    """Whether the cache that others share still knows what it was told; one in this process does."""
    back: Cache | None = getattr(worker.cache, "back", None)
    if back is None:
        return True
    told = secrets.token_bytes(8)
    back.put({PROBE: told})
    return back.get([PROBE]) == [told]


def _store(worker: Worker) -> bool:
    try:
        worker.store.ping()
    except StoreUnavailable:
        return False
    return True
