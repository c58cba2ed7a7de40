"""Where trainings and judgements are written down: behind a port, and nowhere unless a setting says so."""

from __future__ import annotations

import os
from collections.abc import Mapping
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Protocol

from neural_lab.errors import InvalidRequest
from neural_lab.settings import home

VARIABLE = "NEURAL_LAB_TRACKING"
FILES = "file:"
SERVERS = ("http://", "https://")
FOLDER = "tracking"

Plain = str | int | float | bool | None


class Run(Protocol):
    """One training or judgement under way; what is written is numbers, names and files, never a text."""

    def log_params(self, params: Mapping[str, Plain]) -> None: ...

    def log_metrics(self, metrics: Mapping[str, float]) -> None: ...

    def log_file(self, path: Path, folder: str = "") -> None: ...

    def log_folder(self, path: Path, name: str = "") -> None: ...

    def set_tag(self, name: str, value: str) -> None: ...

    def register(self, digest: str, alias: str) -> None:
        """Give the bundle of that digest, logged in this run or an earlier one, an alias nothing else has."""

    def knows(self, digest: str) -> bool:
        """Whether the bundle of that digest was registered before: its files need not be sent again."""


class Tracker(Protocol):
    def run(self, kind: str, params: Mapping[str, Plain]) -> AbstractContextManager[Run]:
        """A run that ends with the block: finished, failed, or stopped by Ctrl-C.

        Raises `StoreUnavailable` when nothing can be written there.
        """


def open_tracker() -> Tracker:
    """What `NEURAL_LAB_TRACKING` names: nothing, `file:` (in the data folder), `file:///PATH` or a server.

    Raises `InvalidRequest` for another value, or when MLflow is not installed.
    """
    from neural_lab.tracking.silent import Silent

    if not is_set():
        return Silent()
    from neural_lab.tracking.mlflow_tracker import MlflowTracker

    return MlflowTracker(address(os.environ[VARIABLE].strip()))


def is_set() -> bool:
    return bool(os.environ.get(VARIABLE, "").strip())


def address(given: str) -> str:
    """Where `NEURAL_LAB_TRACKING` points, as a URL. Raises `InvalidRequest`."""
    if given in ("file", FILES):
        return (home() / FOLDER).as_uri()
    if given.startswith("file:///") or given.startswith(SERVERS):
        return given
    if given.startswith(FILES):
        return Path(given.removeprefix(FILES)).expanduser().absolute().as_uri()
    message = f"{VARIABLE} has to be file:, file:///FOLDER, http://… or https://…, or empty."
    raise InvalidRequest("tracking", message)
