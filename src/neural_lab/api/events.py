"""The event log: what happened, written in batches by a thread of its own, and never what was written."""

from __future__ import annotations

import json
import queue
import threading
from collections.abc import Callable
from contextlib import suppress

from neural_lab.api.logs import log
from neural_lab.backends.clock import utc
from neural_lab.errors import StoreUnavailable
from neural_lab.event import Event
from neural_lab.outcome import Report
from neural_lab.ports import Store
from neural_lab.report.facts import signal_means

MOST_WAITING, BATCH, PAUSE = 10_000, 500, 2.0


class EventLog:
    """Events wait in memory for a moment; when the store is away or slow, they are dropped and counted."""

    def __init__(self, store: Store, days: int, lost: Callable[[int], None]) -> None:
        self._store, self._days, self._lost = store, days, lost
        self._waiting: queue.Queue[Event | None] = queue.Queue(MOST_WAITING)
        self._thread = threading.Thread(target=self._run, name="events", daemon=True)
        if days:
            self._thread.start()

    def add(self, event: Event) -> None:
        if not self._days:
            return
        try:
            self._waiting.put_nowait(event)
        except queue.Full:
            self._lost(1)

    def close(self) -> None:
        """Write what waits, if the store takes it soon."""
        if self._thread.is_alive():
            with suppress(queue.Full):
                self._waiting.put(None, timeout=PAUSE / 4)
            self._thread.join(PAUSE)

    def _run(self) -> None:
        going = True
        while going:
            batch = self._batch()
            going = None not in batch
            found = [event for event in batch if event is not None]
            if found:
                self._write(found)

    def _batch(self) -> list[Event | None]:
        """The next event and those that come within a moment."""
        batch = [self._waiting.get()]
        while len(batch) < BATCH and batch[-1] is not None:
            try:
                batch.append(self._waiting.get(timeout=PAUSE / 4))
            except queue.Empty:
                break
        return batch

    def _write(self, events: list[Event]) -> None:
        try:
            kept = self._store.events()
            kept.record(events)
            kept.expire(utc(self._days))
        except StoreUnavailable:
            self._lost(len(events))
        except Exception as error:
            # This thread has to go on: without it nothing would be written any more, and nobody told.
            log().error("events lost", kind=type(error).__name__)
            self._lost(len(events))


def request_event(kind: str, status: int, seconds: float, characters: int = 0) -> Event:
    return Event(utc(), kind, status, 1e3 * seconds, characters, None, None, "", "", "{}")


def scored_event(kind: str, seconds: float, report: Report) -> Event:
    """`seconds` are those of the request that the report was part of."""
    return Event(
        utc(),
        kind,
        200,
        1e3 * seconds,
        len(report.document.text),
        report.words,
        report.probability,
        report.verdict.value,
        f"{report.detector} {report.version}",
        json.dumps({name: round(value, 4) for name, value in signal_means(report).items()}),
    )
