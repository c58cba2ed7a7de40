"""Another detector takes the place of the one that answers, while that goes on answering."""

from __future__ import annotations

import threading
from time import monotonic

from neural_lab.api.loading import champion, opened, serving
from neural_lab.api.logs import log
from neural_lab.api.worker import Worker
from neural_lab.errors import LabError, ScoringFailed
from neural_lab.service import Lab

END, AGAIN = 2.0, 60.0
"""Seconds to wait for the thread at the end, and until a champion that could not be loaded is tried again."""
UNREADABLE = "unreadable"
"""Stands for the champion while nobody can tell which one that is."""


class Succession:
    """A thread that looks every few seconds which detector is the champion, loads it beside the one that
    answers, tries it on a text, and lets it answer from then on.

    Where that fails all stays as it is: that is told once, and tried again now and then.
    """

    def __init__(self, worker: Worker) -> None:
        self._worker, self._stop = worker, threading.Event()
        self._retry = 0.0
        self._failed: str | None = None
        self._thread = threading.Thread(target=self._run, name="succession", daemon=True)

    def start(self) -> None:
        if self._worker.config.detector_seconds:
            self._thread.start()

    def close(self) -> None:
        self._stop.set()
        if self._thread.is_alive():
            self._thread.join(END)

    def _run(self) -> None:
        while not self._stop.wait(self._worker.config.detector_seconds):
            # The first one is loaded by whoever opened the worker.
            if self._worker.serving or self._worker.failure:
                self._look()

    def _look(self) -> None:
        """Nothing that goes wrong may end this thread, nor the detector that answers."""
        wanted = UNREADABLE
        try:
            found = champion()
            if found is None:
                return
            wanted = found
            self._follow(found)
        except Exception as error:
            self._fail(wanted, error)

    def _follow(self, wanted: str) -> None:
        now = self._worker.serving
        if now and now.version == wanted:
            self._failed, self._worker.behind = None, False
        elif wanted != self._failed or monotonic() >= self._retry:
            self._take(wanted)

    def _take(self, version: str) -> None:
        lab, old = _tried(opened(self._worker, version)), self._worker.serving
        self._worker.serving = serving(self._worker, lab, version)
        self._failed, self._worker.behind, self._worker.failure = None, False, None
        self._worker.meters.swaps.labels("done").inc()
        log().info("detector", version=version, identity=lab.identity)
        if old:
            old.engine.retire()

    def _fail(self, version: str, error: Exception) -> None:
        if version == self._failed and monotonic() < self._retry:
            return
        if version != self._failed:
            known = {"code": error.code, "reason": error.message} if isinstance(error, LabError) else {}
            log().error("champion not taken", version=version, kind=type(error).__name__, **known)
        self._failed, self._retry, self._worker.behind = version, monotonic() + AGAIN, True
        self._worker.meters.swaps.labels("failed").inc()


def _tried(lab: Lab) -> Lab:
    """A lab that has read a text, and knows its own name: what fails here, fails for nobody."""
    if not (lab.probe and lab.identity):
        raise ScoringFailed("no_answer", "The detector gave no answer to a text.")
    return lab
