"""Reports go into a history, and those that have been there for long enough leave it."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from time import monotonic

from neural_lab.api.logs import log
from neural_lab.api.retention import forget_results
from neural_lab.api.worker import Worker
from neural_lab.backends.clock import utc
from neural_lab.entry import Entry
from neural_lab.errors import StoreUnavailable

HOUR, MINUTE = 3600.0, 60.0
"""Seconds between two looks for what has to go, and until the next one after a failure."""
END = 2.0


def keep(worker: Worker, owner: str, entries: Sequence[Entry]) -> list[int]:
    """The numbers of the entries, which stay for as long as the settings allow; see `Expiry`."""
    return worker.store.history(owner).keep(entries)


def expire(worker: Worker) -> int:
    """Delete the reports of everybody that are older than the settings or their owners allow."""
    store, gone = worker.store, 0
    if worker.keep_days:
        gone += store.expire(utc(worker.keep_days))
    for owner, choices in store.chosen().items():
        if choices.keep_days:
            gone += store.history(owner).expire(utc(choices.keep_days))
    return gone


class Expiry:
    """A thread that expires reports when the service starts and every hour, whether their users come or not,
    and every minute what may not stay that long.

    Apart from the jobs: one of those may take hours, and there are none without a detector.
    """

    def __init__(self, worker: Worker) -> None:
        self._worker, self._stop = worker, threading.Event()
        self._thread = threading.Thread(target=self._run, name="expiry", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def close(self) -> None:
        self._stop.set()
        self._thread.join(END)

    def _run(self) -> None:
        due = monotonic()
        while not self._stop.is_set():
            if monotonic() >= due:
                due = monotonic() + (HOUR if self._done(expire) else MINUTE)
            self._done(forget_results)
            self._stop.wait(min(MINUTE, max(due - monotonic(), 0)))

    def _done(self, step: Callable[[Worker], object]) -> bool:
        """Nothing that goes wrong may end this thread: reports would stay, and nobody be told."""
        try:
            step(self._worker)
        except StoreUnavailable:
            return False
        except Exception as error:
            log().error("reports stay", kind=type(error).__name__)
            return False
        return True
