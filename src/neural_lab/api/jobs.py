"""Work that outlasts a request: a thread of each worker process takes jobs from the store, one at a time."""

from __future__ import annotations

import json
import secrets
import threading
from collections.abc import Iterator
from concurrent.futures import Future
from datetime import UTC, datetime, timedelta
from typing import Any

from neural_lab.api.logs import log
from neural_lab.api.worker import Worker
from neural_lab.auditor import Auditor
from neural_lab.backends.clock import utc
from neural_lab.batch import Asked
from neural_lab.detect.detector import Detector
from neural_lab.errors import LabError, Overloaded, ScoringFailed, StoreUnavailable
from neural_lab.job import Job
from neural_lab.kept import check_entry
from neural_lab.outcome import Report
from neural_lab.report import as_json, audit_json
from neural_lab.service import Question
from neural_lab.types import Document

IDLE, BEAT, LEASE = 0.5, 5.0, 60
ROOM = 1.0
"""Seconds to wait for room in the line; jobs yield to requests."""


class _GoneError(Exception):
    """The job was cancelled, or another worker has it."""


class JobRunner:
    """Started with its worker; at the end it lets go of its job, which another worker claims later."""

    def __init__(self, worker: Worker) -> None:
        self._worker, self._name = worker, secrets.token_hex(8)
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name="jobs", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def close(self) -> None:
        self._stop.set()
        self._thread.join(BEAT + ROOM)

    def _run(self) -> None:
        while not self._stop.is_set():
            try:
                job = self._claimed() if self._worker.lab else None
            except StoreUnavailable:
                job = None
            if job is None:
                self._stop.wait(IDLE)
            else:
                self._work(job)

    def _claimed(self) -> Job | None:
        queue = self._worker.store.queue()
        queue.expire(_moment(-self._worker.config.job_seconds))
        return queue.claim(self._name, utc(), _moment(LEASE))

    def _work(self, job: Job) -> None:
        """Whatever happens, the job gets an end, unless the store is away: then its lease runs out."""
        queue = self._worker.store.queue()
        try:
            result = json.dumps(self._result(job), allow_nan=False)
            queue.finish(job.id, self._name, result)
        except (_GoneError, StoreUnavailable):
            return
        except LabError as error:
            self._fail(job, error)
        except Exception as error:
            log().error("job failed", kind=type(error).__name__)
            self._fail(job, ScoringFailed("unexpected", "Something unexpected went wrong."))

    def _fail(self, job: Job, error: LabError) -> None:
        try:
            self._worker.store.queue().finish(job.id, self._name, "", error.code, error.message)
        except StoreUnavailable:
            return

    def _result(self, job: Job) -> dict[str, Any]:
        """Reports on the documents of a job; one that fails does not stop the rest."""
        payload: dict[str, Any] = json.loads(job.payload)
        lab, _ = self._worker.ready()
        asked = asked_of(lab.detector, payload)
        total = len(payload["documents"])
        shown: list[dict[str, Any]] = []
        errors: list[dict[str, Any]] = []
        for at, given in enumerate(payload["documents"]):
            self._beat(job, at, total)
            try:
                report = self._report(job, Document(given["text"], given["title"]), asked, (at, total))
                shown.append({"index": at, **self._finished(job, report, asked, payload)})
            except (StoreUnavailable, Overloaded):
                raise
            except LabError as error:
                errors.append({"index": at, "code": error.code, "message": error.message})
        name = {"name": lab.detector.name, "version": lab.detector.version}
        return {"schema": 1, "detector": name, "documents": shown, "errors": errors}

    def _report(self, job: Job, document: Document, asked: Asked, steps: tuple[int, int]) -> Report:
        future = self._submitted(Question(document, asked.target, asked.genre, asked.writer))
        while True:
            try:
                return future.result(BEAT)
            except TimeoutError:
                try:
                    self._beat(job, *steps)
                except _GoneError:
                    future.cancel()
                    raise

    def _submitted(self, question: Question) -> Future[Report]:
        _, engine = self._worker.ready()
        for _ in self._waits():
            try:
                return engine.submit(question)
            except Overloaded:
                continue
        raise _GoneError

    def _waits(self) -> Iterator[None]:
        while not self._stop.is_set():
            yield
            self._stop.wait(ROOM)

    def _beat(self, job: Job, done: int, total: int) -> None:
        mine = self._worker.store.queue().beat(job.id, self._name, done, total, _moment(LEASE))
        if not mine or self._stop.is_set():
            raise _GoneError

    def _finished(self, job: Job, report: Report, asked: Asked, payload: dict[str, Any]) -> dict[str, Any]:
        self._worker.meters.scored(report)
        store, found = self._worker.store, None
        library = store.library(job.owner)
        if payload["audit"] and library.stats().sources:
            found = Auditor(library).audit(report.document)
        if payload["keep"] and self._worker.keeps:
            store.history(job.owner).keep([check_entry(report, found, asked)])
        return as_json.document(report) | {"audit": audit_json.document(found) if found else None}


def asked_of(detector: Detector, payload: dict[str, Any]) -> Asked:
    rate = repr(payload["max_false_positives"])
    return Asked.typed(detector, rate, payload["genre"], payload["writer"])


def _moment(seconds: float) -> str:
    return (datetime.now(UTC) + timedelta(seconds=seconds)).strftime("%Y-%m-%dT%H:%M:%SZ")
