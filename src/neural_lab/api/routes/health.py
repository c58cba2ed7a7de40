"""Probes and figures: none of them is limited, and none tells anything of a user."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request, Response
from fastapi.responses import PlainTextResponse
from starlette.concurrency import run_in_threadpool

from neural_lab.api.callers import Caller, allowed
from neural_lab.api.problems import PATIENCE, responses
from neural_lab.api.schemas import Health
from neural_lab.api.worker import Serving, worker_of

router = APIRouter(tags=["health"])
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
    """What works and what does not, at most a second old; 503 when something that is needed does not."""
    worker = worker_of(request)
    found = await worker.vitals()
    broken = [name for name in NEEDED if not found[name]]
    if broken:
        response.status_code, response.headers["Retry-After"] = 503, str(PATIENCE)
    status = "unhealthy" if broken else "healthy" if all(found.values()) else "degraded"
    return Health(status=status, components=found, version=request.app.version, **_detector(worker.serving))


def _detector(serving: Serving | None) -> dict[str, str | None]:
    if serving is None:
        return dict.fromkeys(("detector", "detector_key", "detector_since"))
    found = serving.lab.detector
    return {
        "detector": f"{found.name} {found.version}",
        "detector_key": serving.version,
        "detector_since": serving.since,
    }


@router.get("/metrics", responses=PLAIN | responses(401), response_class=PlainTextResponse)
async def metrics(request: Request, caller: Annotated[Caller, Depends(allowed("metrics"))]) -> Response:
    """Figures in the text format of Prometheus."""
    del caller
    page = await run_in_threadpool(worker_of(request).meters.page)
    return Response(page, media_type="text/plain; version=0.0.4; charset=utf-8")
