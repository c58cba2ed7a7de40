"""The page people work in: its shell, and the files it is made of."""

from __future__ import annotations

import mimetypes
from typing import Any

from fastapi import APIRouter, FastAPI, Request
from fastapi.responses import HTMLResponse, Response
from starlette.staticfiles import StaticFiles

from neural_lab.api.worker import worker_of
from neural_lab.web.shell import STATIC, shell, tints

router = APIRouter(include_in_schema=False)
POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' blob: data:",
        "font-src 'self' data:",
        "connect-src 'self'",
        "worker-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
        "require-trusted-types-for 'script'",
    )
)
REVALIDATED = {"cache-control": "no-cache"}
"""Files of another release have the same names: a browser asks whether its copy is still right."""

# Systems differ in what they know.
for suffix, kind in ((".js", "text/javascript"), (".mjs", "text/javascript"), (".json", "application/json")):
    mimetypes.add_type(kind, suffix)


@router.get("/", response_class=HTMLResponse)
async def page(request: Request) -> HTMLResponse:
    """The page; it asks for everything else itself."""
    worker = worker_of(request)
    config = worker.config
    html = shell(accounts=config.accounts, sign_up=config.sign_up, keeps=worker.keeps)
    return HTMLResponse(html, headers={"content-security-policy": POLICY})


@router.get("/tints.css")
async def tint_rules() -> Response:
    return Response(tints(), media_type="text/css", headers=REVALIDATED)


class Files(StaticFiles):
    """Files that every browser may keep, under the policy of the page: a worker has one of its own."""

    def file_response(self, *given: Any, **named: Any) -> Response:
        found = super().file_response(*given, **named)
        found.headers.update(REVALIDATED | {"content-security-policy": POLICY})
        return found


def install(app: FastAPI) -> None:
    app.include_router(router)
    app.mount("/static", Files(directory=STATIC), name="static")
