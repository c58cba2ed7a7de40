"""What one worker process holds: detector, engine, store, caches, limits, and how they are."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from starlette.requests import HTTPConnection

from neural_lab.api.config import ServeConfig
from neural_lab.errors import ModelUnavailable, Overloaded

if TYPE_CHECKING:
    from neural_lab.api.engine import Engine
    from neural_lab.api.events import EventLog
    from neural_lab.api.meters import Meters
    from neural_lab.api.recent import Recent
    from neural_lab.api.shadow import Shadow
    from neural_lab.api.vitals import Vitals
    from neural_lab.api.watching import Watchers
    from neural_lab.memory import MemoryMonitor
    from neural_lab.ports import Cache, Limiter, Store
    from neural_lab.service import Lab


@dataclass
class Limits:
    """What counts requests, characters and attempts to log in; `logins` those of many together."""

    detect: Limiter
    requests: Limiter
    characters: Limiter
    login: Limiter
    logins: Limiter


@dataclass(frozen=True)
class Serving:
    """The detector that answers since `since`, ISO 8601 in UTC: what belongs together is replaced together.

    `version` is its name in the registry, "" for the installed one and for a bundle that was named.
    """

    lab: Lab
    engine: Engine
    version: str
    since: str


@dataclass
class Worker:
    """Opened at start and closed at the end; `serving` is None until the detector is loaded."""

    config: ServeConfig
    secret: bytes = field(repr=False)
    store: Store
    cache: Cache
    limits: Limits
    events: EventLog
    meters: Meters
    memory: MemoryMonitor
    vitals: Recent[Vitals] = field(init=False)
    watchers: Watchers = field(init=False)
    shadow: Shadow = field(init=False)
    keeps: bool = True
    keep_days: int | None = None
    serving: Serving | None = None
    failure: tuple[str, str] | None = None
    """Code and message: an error that is raised again and again would gather what it passed through."""
    behind: bool = False
    """The champion cannot be loaded: what answered before still does."""
    stopping: bool = field(default=False)
    """A signal came: streams end, a job is let go, and requests that were on their way are answered."""
    closed: bool = field(default=False)
    """No request is left."""

    def ready(self) -> tuple[Lab, Engine]:
        """Raises `ModelUnavailable` while there is no detector."""
        found = self.answering()
        return found.lab, found.engine

    def answering(self) -> Serving:
        """As `ready`, with since when that is so."""
        found = self.serving
        if found is None:
            raise ModelUnavailable(*(self.failure or ("loading", "The detector is still being loaded.")))
        return found

    def admitting(self) -> tuple[Lab, Engine]:
        """As `ready`, for new work; raises `Overloaded` when none is taken."""
        if self.closed:
            raise Overloaded("shutting_down", "The service is shutting down.", 5)
        if self.full:
            raise Overloaded("memory", "The service uses more memory than it may; try again later.", 5)
        return self.ready()

    @property
    def lab(self) -> Lab | None:
        found = self.serving
        return found.lab if found else None

    @property
    def engine(self) -> Engine | None:
        found = self.serving
        return found.engine if found else None

    @property
    def full(self) -> bool:
        return self.memory.over(self.config.memory_mb << 20)


def worker_of(connection: HTTPConnection) -> Worker:
    found: Worker = connection.app.state.worker
    return found
