"""The work on one job: reports on its documents, one after the other."""

from __future__ import annotations

import json
from concurrent.futures import Future
from time import perf_counter
from typing import Any

from neural_lab.api.events import scored_event
from neural_lab.api.held import GoneError, Held, StoppedError
from neural_lab.api.logs import log
from neural_lab.api.problems import UNEXPECTED, told
from neural_lab.api.retention import keeps
from neural_lab.api.texts import ReadText
from neural_lab.api.worker import Worker
from neural_lab.audit.audited import Audited
from neural_lab.auditor import Auditor
from neural_lab.batch import Asked
from neural_lab.entry import Entry
from neural_lab.errors import LabError, Overloaded, StoreUnavailable
from neural_lab.kept import check_entry
from neural_lab.outcome import Report
from neural_lab.report import as_json, audit_json
from neural_lab.report.as_shown import shown
from neural_lab.service import Question
from neural_lab.types import Document

KIND = "/v1/jobs"
"""Of the events of texts that jobs have read; `seconds` are those of the text."""
ROOM = 1.0
"""Seconds to wait for room in the line; jobs yield to requests."""


class Work:
    """A document that fails does not stop the rest. Raises `ModelUnavailable` while there is no detector."""

    def __init__(self, worker: Worker, held: Held, payload: str) -> None:
        self._worker, self._held, self._payload = worker, held, json.loads(payload)
        self._lab, self._engine = worker.ready()
        given = repr(self._payload["max_false_positives"]), self._payload["genre"], self._payload["writer"]
        self._asked = Asked.typed(self._lab.detector, *given)
        self._rows, self._errors = list[dict[str, Any]](), list[dict[str, Any]]()
        self._entries = list[Entry]()

    def done(self) -> tuple[str, list[Entry]]:
        """The result as JSON, and what is kept of it.

        Raises `GoneError`, `StoppedError` and `StoreUnavailable`.
        """
        documents = self._payload["documents"]
        for at, given in enumerate(documents):
            self._held.beat(at, len(documents))
            self._add(at, ReadText.model_validate(given).document())
        self._held.beat(len(documents), len(documents))
        detector = {"name": self._lab.detector.name, "version": self._lab.detector.version}
        found = {"schema": 1, "detector": detector, "documents": self._rows, "errors": self._errors}
        return json.dumps(found, allow_nan=False), self._kept()

    def _add(self, at: int, document: Document) -> None:
        try:
            report = self._report(document)
            found = self._held.ask(lambda: self._audited(report)) if self._payload["audit"] else None
            audit = audit_json.document(found) if found else None
            row = {"index": at, **as_json.document(report), "audit": audit, "shown": shown(report)}
            self._entries.append(check_entry(report, found, self._asked))
            self._rows.append(row)
        except (StoreUnavailable, GoneError, StoppedError):
            raise
        except Exception as error:
            code, message = failure(error)
            self._errors.append({"index": at, "code": code, "message": message})

    def _report(self, document: Document) -> Report:
        question = Question(document, self._asked.target, self._asked.genre, self._asked.writer)
        begun = perf_counter()
        try:
            report = self._held.result(self._submitted(question))
        except Overloaded:
            # Taken into the line and thrown out again: only a line that is being closed does that.
            raise StoppedError from None
        self._worker.meters.scored(report)
        self._worker.events.add(scored_event(KIND, perf_counter() - begun, report))
        self._worker.shadow.offer(report)
        return report

    def _submitted(self, question: Question) -> Future[Report]:
        while True:
            try:
                return self._engine.submit(question)
            except Overloaded:
                self._held.wait(ROOM)

    def _audited(self, report: Report) -> Audited | None:
        library = self._worker.store.library(self._held.job.owner)
        return Auditor(library).audit(report.document) if library.stats().sources else None

    def _kept(self) -> list[Entry]:
        """All at the end: a job that is taken up again starts again, and would keep the first ones twice."""
        owner, asked = self._held.job.owner, self._payload["keep"]
        wanted = self._held.ask(lambda: keeps(self._worker, owner, asked))
        return self._entries if wanted else []


def failure(error: Exception) -> tuple[str, str]:
    """Code and message for whoever asked; the log has the kind of what nobody expected."""
    if isinstance(error, LabError):
        return error.code, told(error)
    log().error("unexpected", kind=type(error).__name__)
    return "unexpected", UNEXPECTED
