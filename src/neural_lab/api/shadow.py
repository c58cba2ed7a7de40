"""The challenger reads a sample of the documents after the champion: nobody sees or waits for what it says.

Only numbers are kept of it, in the event log, which knows neither texts nor users; so it takes no
notice of who keeps nothing. Texts wait in memory alone, and are not read any more after a minute.
"""

from __future__ import annotations

import queue
import random
import threading
from dataclasses import dataclass
from time import monotonic, perf_counter

from neural_lab.api.engine import LONG
from neural_lab.api.logs import log
from neural_lab.api.worker import Worker
from neural_lab.backends.clock import utc
from neural_lab.compose import named_bundle, open_lab
from neural_lab.detectors.paired import Paired, Said, event
from neural_lab.detectors.registry import Registry
from neural_lab.errors import LabError
from neural_lab.outcome import Report
from neural_lab.service import Lab

MOST_WAITING, OLDEST, BUSY, END = 64, 60.0, 0.05, 2.0
"""Documents that may wait, seconds that one may, seconds between looks at a busy engine, and at the end."""

UNREADABLE = "unreadable"
"""Stands for the challenger while nobody can tell which one that is."""


@dataclass(frozen=True, slots=True)
class Offered:
    """A report of the champion `version`, and until when it is worth reading its document again."""

    report: Report
    version: str
    end: float


class Shadow:
    """A thread that reads one document after the other, on one processor, while no request waits or runs."""

    def __init__(self, worker: Worker) -> None:
        self._worker, self._stop = worker, threading.Event()
        self._waiting: queue.Queue[Offered] = queue.Queue(MOST_WAITING)
        self._version, self._look = "", 0.0
        self._lab: Lab | None = None
        self._thread = threading.Thread(target=self._run, name="shadow", daemon=True)

    def start(self) -> None:
        if self._worker.config.shadow and not named_bundle():
            self._thread.start()

    def close(self) -> None:
        self._stop.set()
        if self._thread.is_alive():
            self._thread.join(END)

    def offer(self, report: Report) -> None:
        """Returns at once. Long documents are left out: one of those would hold up requests that come."""
        now = self._worker.serving
        if not (self._lab and now) or random.random() >= self._worker.config.shadow:
            return
        if (report.detector, report.version) != (now.lab.detector.name, now.lab.detector.version):
            # The champion has just changed: this is what the one before it said.
            return
        if len(report.document.text) > LONG:
            self._count("too_long")
            return
        try:
            self._waiting.put_nowait(Offered(report, now.version, monotonic() + OLDEST))
        except queue.Full:
            self._count("dropped")

    def _run(self) -> None:
        """Nothing that goes wrong may end this thread."""
        pause = min(self._worker.config.detector_seconds or OLDEST, OLDEST)
        while not self._stop.is_set():
            try:
                if monotonic() >= self._look:
                    self._look = monotonic() + pause
                    self._follow()
                self._read(self._waiting.get(timeout=min(pause, 0.5)))
            except queue.Empty:
                continue
            except Exception as error:
                self._count("failed")
                log().error("shadow failed", kind=type(error).__name__)

    def _follow(self) -> None:
        """Take the challenger that is named now; one that cannot be loaded is told once."""
        wanted = UNREADABLE
        try:
            wanted = Registry().challenger() or ""
            if wanted != self._version:
                self._version, self._lab = wanted, None
                self._lab = open_lab(Registry().folder_of(wanted), threads=1) if wanted else None
        except LabError as error:
            if self._version != wanted or wanted != UNREADABLE:
                log().error("no challenger", version=wanted, code=error.code, reason=error.message)
            self._version, self._lab = wanted, None

    def _read(self, offered: Offered) -> None:
        lab, version = self._lab, self._version
        if lab is None or version == offered.version or not self._idle(offered.end):
            self._count("dropped")
            return
        begun, first = perf_counter(), offered.report
        second = lab.analyze(first.document, first.operating_point.target)
        pair = Paired(
            Said(offered.version, first.probability, first.verdict.value),
            Said(version, second.probability, second.verdict.value),
            first.words,
            len(first.document.text),
            f"{first.detector} {first.version}",
            1e3 * (perf_counter() - begun),
        )
        self._worker.events.add(event(pair, utc()))
        self._worker.meters.apart.observe(abs(pair.difference))
        self._count("read")

    def _idle(self, end: float) -> bool:
        """Wait until the engine has nothing to do; False when that comes too late."""
        while self._busy():
            if self._stop.wait(BUSY) or monotonic() >= end:
                return False
        return monotonic() < end

    def _busy(self) -> bool:
        engine = self._worker.engine
        lanes = (engine.short.figures(), engine.long.figures()) if engine else ()
        return any(lane["waiting_items"] or lane["running_items"] for lane in lanes)

    def _count(self, outcome: str) -> None:
        self._worker.meters.shadow.labels(outcome).inc()
