"""The application: routes, errors, and what stands around them."""

from __future__ import annotations

import time

from fastapi import FastAPI
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from neural_lab.api import handlers
from neural_lab.api.admission import DOORS, Admission
from neural_lab.api.bodies import BodyLimit
from neural_lab.api.config import ServeConfig, read_config
from neural_lab.api.described import EVERYWHERE, describe
from neural_lab.api.events import request_event
from neural_lab.api.guards import LOCAL_NAMES, Cors, Crowd, Origins, SecurityHeaders
from neural_lab.api.heads import Heads
from neural_lab.api.logs import HEADER, RequestLog, method_of, route_of
from neural_lab.api.media import Media
from neural_lab.api.opening import lifespan
from neural_lab.api.routes import ROUTERS, pages
from neural_lab.api.submitted import FORMS
from neural_lab.backends.release import release

ABOUT = """\
Tells sentence by sentence how likely a text is machine-written, and what it shares with your own library.
Nothing leaves this server. Errors are RFC 9457 problem details with stable codes.
"""


def create_app(config: ServeConfig | None = None) -> FastAPI:
    """The service with `config`, else as the environment and the settings say. Raises `InvalidRequest`."""
    chosen = config or read_config()
    app = FastAPI(
        title="Neural Lab",
        summary="A private laboratory for one question: was this text written by a machine, or copied?",
        description=ABOUT,
        version=release(),
        lifespan=lifespan,
        docs_url=None,
        redoc_url=None,
        openapi_url="/openapi.json",
        redirect_slashes=False,
        responses=EVERYWHERE,
    )
    app.state.config = chosen
    handlers.install(app)
    describe(app)
    for router in ROUTERS:
        app.include_router(router)
    pages.install(app)
    _wrap(app, chosen)
    return app


def _wrap(app: FastAPI, config: ServeConfig) -> None:
    """Outermost last: a request meets its log first, and its body is read when nothing else can be wrong."""
    app.add_middleware(Media, forms=FORMS)
    app.add_middleware(BodyLimit, most=config.most_body_mb << 20, short={path for _, path in DOORS})
    app.add_middleware(Admission)
    app.add_middleware(Heads)
    app.add_middleware(Crowd, most=config.most_requests, doors=DOORS)
    app.add_middleware(Origins, hosts=_hosts(config), pages=config.cors_origins)
    app.add_middleware(handlers.Caught)
    if config.cors_origins:
        app.add_middleware(
            Cors,
            allow_origins=config.cors_origins,
            allow_methods=["GET", "POST", "PUT", "PATCH", "DELETE"],
            allow_headers=["authorization", "content-type", "idempotency-key", HEADER],
            expose_headers=[
                "location",
                "ratelimit-policy",
                "ratelimit-limit",
                "ratelimit-remaining",
                "ratelimit-reset",
                "retry-after",
                "x-detector",
                HEADER,
            ],
            allow_credentials="*" not in config.cors_origins,
        )
    app.add_middleware(SecurityHeaders)
    app.add_middleware(Metered)
    app.add_middleware(RequestLog)


def _hosts(config: ServeConfig) -> set[str]:
    """Names that a request may ask for; with accounts and no names given, any."""
    if config.accounts and not config.allowed_hosts:
        return set()
    return {*LOCAL_NAMES, *config.allowed_hosts, *([config.host] if config.loopback else [])}


class Metered:
    """Counts every request by the template of its route."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        begun, status = time.perf_counter(), [500]

        async def noted(message: Message) -> None:
            if message["type"] == "http.response.start":
                status[0] = message["status"]
            await send(message)

        try:
            await self._app(scope, receive, noted)
        finally:
            _count(scope, status[0], time.perf_counter() - begun)


def _count(scope: Scope, status: int, seconds: float) -> None:
    worker = getattr(scope["app"].state, "worker", None)
    if worker is None:
        return
    route = route_of(scope)
    worker.meters.requests.labels(route, method_of(scope), str(status)).inc()
    worker.meters.seconds.labels(route).observe(seconds)
    if status >= 400 and route.startswith(("/detect", "/v1")):
        worker.events.add(request_event(route, status, seconds))
