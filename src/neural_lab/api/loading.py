"""A worker's detector is loaded: the one that was named, the registry's champion, or the installed one."""

from __future__ import annotations

from pathlib import Path

from neural_lab.api.engine import Engine
from neural_lab.api.logs import log
from neural_lab.api.worker import Serving, Worker
from neural_lab.backends.clock import utc
from neural_lab.compose import EMBEDDED, named_bundle, open_lab
from neural_lab.detectors.advice import advised
from neural_lab.detectors.pointer import EMBEDDED as INSTALLED
from neural_lab.detectors.registry import Registry
from neural_lab.errors import LabError
from neural_lab.service import Lab


def load(worker: Worker) -> None:
    """Load the detector; until then, and if it fails, requests that need it get 503 and the reason."""
    try:
        version = champion()
        worker.serving = serving(worker, opened(worker, version), version or INSTALLED)
    except LabError as error:
        worker.failure = error.code, error.message
        log().error("no detector", code=error.code, reason=error.message)
    except Exception as error:
        worker.failure = "no_detector", "The detector cannot be loaded."
        log().error("no detector", kind=type(error).__name__)


def champion() -> str | None:
    """The version that has to answer; None where a bundle is named, which nobody else can change."""
    return None if named_bundle() else Registry().champion() or INSTALLED


def opened(worker: Worker, version: str | None) -> Lab:
    """The detector of a version; None: the bundle that was named. Raises `ModelUnavailable`."""
    if not version:
        return _open(worker, named_bundle() if version is None else EMBEDDED)
    with advised(version):
        return _open(worker, Registry().folder_of(version))


def _open(worker: Worker, folder: Path | None) -> Lab:
    return open_lab(folder, worker.config.threads or None, worker.cache, worker.secret)


def serving(worker: Worker, lab: Lab, version: str) -> Serving:
    engine = Engine.of(lab, worker.config.batch_characters, worker.config.most_waiting)
    return Serving(lab, engine, version, utc())
