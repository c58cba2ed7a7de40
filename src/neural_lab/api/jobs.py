"""Work that outlasts a request: a thread of each worker process takes jobs from the store, one at a time."""

from __future__ import annotations

import json
import secrets
import threading
from concurrent.futures import Future
from time import monotonic
from typing import Any

from neural_lab.api.held import LEASE, GoneError, Held, StoppedError, moment
from neural_lab.api.keeping import keep
from neural_lab.api.leaving import forget_gone
from neural_lab.api.logs import log
from neural_lab.api.problems import UNEXPECTED
from neural_lab.api.worker import Worker
from neural_lab.audit.audited import Audited
from neural_lab.auditor import Auditor
from neural_lab.backends.clock import utc
from neural_lab.batch import Asked
from neural_lab.detect.detector import Detector
from neural_lab.entry import Entry
from neural_lab.errors import LabError, Overloaded, StoreUnavailable
from neural_lab.job import Job
from neural_lab.kept import check_entry
from neural_lab.outcome import Report
from neural_lab.report import as_json, audit_json
from neural_lab.service import Question
from neural_lab.types import Document

IDLE, EXPIRE = 0.5, 60.0
ROOM = 1.0
"""Seconds to wait for room in the line; jobs yield to requests."""
END = 2.0


class JobRunner:
    """Started with its worker; when that is stopped it lets go of its job, which another worker claims."""

    def __init__(self, worker: Worker) -> None:
        self._worker, self._name = worker, secrets.token_hex(8)
        self._stop, self._expire = threading.Event(), 0.0
        self._thread = threading.Thread(target=self._run, name="jobs", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def close(self) -> None:
        self._stop.set()
        if self._thread.is_alive():
            self._thread.join(END)

    def _pause(self, seconds: float) -> bool:
        return self._worker.stopping or self._stop.wait(seconds) or self._worker.stopping

    def _run(self) -> None:
        """Nothing that goes wrong may end this thread: no job would be done any more, and nobody be told."""
        while not self._pause(0):
            try:
                job = self._claimed() if self._worker.lab else None
                if job is None:
                    self._pause(IDLE)
                else:
                    self._work(job)
                    forget_gone(self._worker.store, job.owner)
            except StoreUnavailable:
                self._pause(IDLE)
            except Exception as error:
                log().error("jobs failed", kind=type(error).__name__)
                self._pause(IDLE)

    def _claimed(self) -> Job | None:
        queue = self._worker.store.queue()
        if monotonic() >= self._expire:
            queue.expire(moment(-self._worker.config.job_seconds))
            self._expire = monotonic() + EXPIRE
        return queue.claim(self._name, utc(), moment(LEASE))

    def _work(self, job: Job) -> None:
        """Whatever happens, the job gets an end, unless the store is away: then its lease runs out."""
        held = Held(self._worker.store.queue(), self._name, job, self._pause)
        try:
            held.finish(json.dumps(self._result(held), allow_nan=False))
        except StoppedError:
            held.let_go()
        except (GoneError, StoreUnavailable):
            return
        except LabError as error:
            held.finish("", error.code, error.message)
        except Exception as error:
            log().error("job failed", kind=type(error).__name__)
            held.finish("", "unexpected", UNEXPECTED)

    def _result(self, held: Held) -> dict[str, Any]:
        """Reports on the documents of a job; one that fails does not stop the rest."""
        payload: dict[str, Any] = json.loads(held.job.payload)
        lab, _ = self._worker.ready()
        asked = asked_of(lab.detector, payload)
        total = len(payload["documents"])
        shown: list[dict[str, Any]] = []
        entries: list[Entry] = []
        errors: list[dict[str, Any]] = []
        for at, given in enumerate(payload["documents"]):
            held.beat(at, total)
            try:
                report = self._report(held, Document(given["text"], given["title"]), asked, (at, total))
                row, entry = self._finished(held, report, asked, payload)
                shown.append({"index": at, **row})
                entries.append(entry)
            except (StoreUnavailable, GoneError, StoppedError):
                raise
            except LabError as error:
                errors.append({"index": at, "code": error.code, "message": error.message})
            except Exception as error:
                log().error("unexpected", kind=type(error).__name__)
                errors.append({"index": at, "code": "unexpected", "message": UNEXPECTED})
        held.beat(total, total)
        # All at the end: a job that is taken up again starts again, and would keep the first ones twice.
        if payload["keep"] and self._worker.keeps and entries:
            held.ask(lambda: keep(self._worker, held.job.owner, entries))
        name = {"name": lab.detector.name, "version": lab.detector.version}
        return {"schema": 1, "detector": name, "documents": shown, "errors": errors}

    def _report(self, held: Held, document: Document, asked: Asked, steps: tuple[int, int]) -> Report:
        question = Question(document, asked.target, asked.genre, asked.writer)
        try:
            return held.result(self._submitted(held, question, steps), *steps)
        except Overloaded:
            # Taken into the line and thrown out again: only a line that is being closed does that.
            raise StoppedError from None

    def _submitted(self, held: Held, question: Question, steps: tuple[int, int]) -> Future[Report]:
        _, engine = self._worker.ready()
        while True:
            try:
                return engine.submit(question)
            except Overloaded:
                held.wait(*steps, ROOM)

    def _finished(
        self, held: Held, report: Report, asked: Asked, payload: dict[str, Any]
    ) -> tuple[dict[str, Any], Entry]:
        """What is told of a report, and what is kept of it."""
        self._worker.meters.scored(report)
        owner = held.job.owner
        found = held.ask(lambda: self._audited(owner, report)) if payload["audit"] else None
        row = as_json.document(report) | {"audit": audit_json.document(found) if found else None}
        return row, check_entry(report, found, asked)

    def _audited(self, owner: str, report: Report) -> Audited | None:
        library = self._worker.store.library(owner)
        return Auditor(library).audit(report.document) if library.stats().sources else None


def asked_of(detector: Detector, payload: dict[str, Any]) -> Asked:
    rate = repr(payload["max_false_positives"])
    return Asked.typed(detector, rate, payload["genre"], payload["writer"])
