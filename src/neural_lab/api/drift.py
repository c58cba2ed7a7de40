"""Drift is looked for now and then, in one process, from what the event log says: see docs/operating.md."""

from __future__ import annotations

import os
import threading
from contextlib import AbstractContextManager, nullcontext
from datetime import UTC, datetime
from pathlib import Path

from neural_lab.api.drift_gauges import DriftGauges
from neural_lab.api.logs import log
from neural_lab.api.meters import SHARED
from neural_lab.api.worker import Worker
from neural_lab.detectors.disk import locked
from neural_lab.detectors.drift_found import found
from neural_lab.detectors.drift_log import DriftLog
from neural_lab.errors import Overloaded, StoreUnavailable

FIRST, PAUSE, END = 60.0, 0.005, 2.0
"""Seconds until the first look, between two hours that are read, and to wait for the thread at the end."""
FOLDER = "drift"


class DriftWatch:
    """A thread that reads the event log, hour by hour so that requests are hardly held up, and sets gauges.

    Of several processes on one computer one does it; when that ends, another one takes over.
    """

    def __init__(self, worker: Worker) -> None:
        self._worker, self._stop = worker, threading.Event()
        self._seconds = 60 * worker.config.drift_minutes
        self._gauges = DriftGauges(worker.meters.registry)
        self._thread = threading.Thread(target=self._run, name="drift", daemon=True)

    def start(self) -> None:
        if self._seconds and self._worker.config.event_days:
            self._thread.start()

    def close(self) -> None:
        self._stop.set()
        if self._thread.is_alive():
            self._thread.join(END)

    def _run(self) -> None:
        pause = min(FIRST, self._seconds)
        while not self._stop.wait(pause):
            pause = self._seconds
            try:
                with _alone():
                    self._watch()
            except Overloaded:
                # Another process has it.
                continue

    def _watch(self) -> None:
        kept = DriftLog(self._worker.store.events())
        while True:
            self._look(kept)
            if self._stop.wait(self._seconds):
                return

    def _look(self, kept: DriftLog) -> None:
        """Nothing that goes wrong may end this thread."""
        try:
            now, serving = datetime.now(UTC), self._worker.serving
            if serving and kept.read(now, lambda: not self._stop.wait(PAUSE)):
                lab = serving.lab
                self._gauges.show(found(kept, lab.detector, lab.distributions, now.date()))
        except StoreUnavailable as error:
            log().error("no drift", code=error.code, reason=error.message)
        except Exception as error:
            log().error("no drift", kind=type(error).__name__)


def _alone() -> AbstractContextManager[None]:
    """Raises `Overloaded` while another process of this service does it; the folder is that of figures."""
    shared = os.environ.get(SHARED)
    return locked(Path(shared) / FOLDER, 0) if shared else nullcontext()
