"""Which route takes a request."""

from __future__ import annotations

from starlette.routing import BaseRoute, Match
from starlette.types import Scope

from neural_lab.api.routes import ROUTERS

# One by one, because the routers in an application do not say which of their routes it is.
ROUTES: tuple[BaseRoute, ...] = tuple(route for router in ROUTERS for route in router.routes)


def matched(scope: Scope) -> BaseRoute | None:
    """The route, or what it is mounted in; None where path or method belong to none."""
    routes = (*ROUTES, *scope["app"].routes)
    return next((route for route in routes if route.matches(scope)[0] is Match.FULL), None)
