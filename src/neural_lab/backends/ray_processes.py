"""Processes of a Ray cluster, or of one that is started on this computer for as long as it is needed.

Nothing is told to anybody: usage statistics and the dashboard are off. A cluster
that is started here listens on this computer alone, and to programs that know its
token (`~/.ray/auth_token`). `RAY_ADDRESS` names another one, which is only joined.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from contextlib import contextmanager
from typing import Any

from neural_lab.errors import InvalidRequest, ScoringFailed

STORE_BYTES = 200 << 20
"""For what is on its way between processes: a part each."""
TRIES = 3
ADDRESS = "RAY_ADDRESS"
QUIET = {"RAY_USAGE_STATS_ENABLED": "0", "RAY_DISABLE_IMPORT_WARNING": "1"}
ALONE = {"RAY_ENABLE_WINDOWS_OR_OSX_CLUSTER": "0"}
"""Without other computers, by its name on some of them only, Ray keeps to 127.0.0.1."""


class Gone(Exception):
    """The process ended over its work; another stands in its place."""


def ray() -> Any:
    """Ray. Raises `InvalidRequest` where it is not installed."""
    # Read when it is imported.
    os.environ.update(QUIET | ({} if os.environ.get(ADDRESS) else ALONE))
    try:
        import ray as imported
    except ImportError as error:
        message = "Ray is not installed: install the extra `ray`, or leave --engine ray out."
        raise InvalidRequest("no_ray", message) from error
    return imported


@contextmanager
def cluster(processes: int) -> Iterator[None]:
    """A cluster for so many processes; one that this process is part of already is left as it is."""
    module = ray()
    if module.is_initialized():
        yield
        return
    address = os.environ.get(ADDRESS) or "local"
    own = {"num_cpus": processes, "include_dashboard": False, "object_store_memory": STORE_BYTES}
    options = {"log_to_driver": False, "logging_level": "error"}
    module.init(address, **options, **(own if address == "local" else {}))
    try:
        yield
    finally:
        module.shutdown()


class RayProcess:
    """A process of its own, on whichever computer has room; started again as often as it ends."""

    def __init__(self) -> None:
        options = {"num_cpus": 1, "max_restarts": -1, "max_task_retries": 0}
        self._actor = ray().remote(_Actor).options(**options).remote()

    def start(self, function: Callable[..., Any], *arguments: Any) -> Future[Any]:
        """Call a function of a module there; what comes of it is for `outcome` to say."""
        future: Future[Any] = self._actor.run.remote(function, *arguments).future()
        return future

    def close(self) -> None:
        ray().kill(self._actor)


class RayProcesses:
    """Several processes that take turns; work of one that ended is begun again by the next."""

    def __init__(self, replicas: int) -> None:
        self._processes, self._turn = [RayProcess() for _ in range(replicas)], 0

    def __len__(self) -> int:
        return len(self._processes)

    def each(self, function: Callable[..., Any], given: list[tuple[Any, ...]]) -> list[Any]:
        """`function` of each of the arguments `given`, in order, side by side."""
        started = [self._next().start(function, *arguments) for arguments in given]
        return [self._done(future, function, args) for future, args in zip(started, given, strict=True)]

    def close(self) -> None:
        for process in self._processes:
            process.close()

    def _next(self) -> RayProcess:
        self._turn = (self._turn + 1) % len(self._processes)
        return self._processes[self._turn]

    def _done(self, future: Future[Any], function: Callable[..., Any], arguments: tuple[Any, ...]) -> Any:
        for _ in range(TRIES):
            try:
                return outcome(future)
            except Gone:
                future = self._next().start(function, *arguments)
        raise ScoringFailed("workers_die", "The processes that hold the model keep ending.")


def outcome(future: Future[Any]) -> Any:
    """What a function gave or raised. Raises `Gone` when its process ended."""
    from ray.exceptions import ActorDiedError, ActorUnavailableError, ObjectLostError, RayTaskError

    try:
        return future.result()
    except RayTaskError as error:
        # The cause as it was raised: Ray's own words quote the program around it.
        raise (error.cause or error) from None
    except (ActorDiedError, ActorUnavailableError, ObjectLostError) as error:
        raise Gone from error


class _Actor:
    def run(self, function: Callable[..., Any], *arguments: Any) -> Any:
        return function(*arguments)
