"""A job in the hands of one worker: the store is told that it is worked on, and when it is let go."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import Future, wait
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from time import monotonic
from typing import TypeVar

from neural_lab.entry import Entry
from neural_lab.errors import StoreUnavailable
from neural_lab.job import Job
from neural_lab.ports import Queue

BEAT, LEASE, TICK = 5.0, 60, 0.25
"""Seconds between signs of life, until others may have a job without any, and between looks at the clock."""

Answer = TypeVar("Answer")


class GoneError(Exception):
    """The job was cancelled, or another worker has it."""


class StoppedError(Exception):
    """This worker is being stopped; the job waits for another."""


class Held:
    """A job that `worker` claimed; `pause` waits for so many seconds and says whether the worker stops.

    A store that is away is asked again for as long as nobody else can have the job.
    """

    def __init__(self, queue: Queue, worker: str, job: Job, pause: Callable[[float], bool]) -> None:
        self._queue, self._worker, self.job, self._pause = queue, worker, job, pause
        self._steps, self._next = (0, 0), 0.0

    def beat(self, done: int, total: int) -> None:
        """Raises `GoneError` and `StoppedError`: the work is no longer to be done."""
        if self._pause(0):
            raise StoppedError
        self._steps = done, total
        self._beat()

    def wait(self, seconds: float = TICK) -> None:
        """Pass some time; raises as `beat` does."""
        if self._pause(seconds):
            raise StoppedError
        if monotonic() >= self._next:
            self._beat()

    def result(self, future: Future[Answer]) -> Answer:
        """What comes of a future; one that is not waited for any longer is cancelled."""
        try:
            while not wait([future], TICK).done:
                self.wait(0)
        except BaseException:
            future.cancel()
            raise
        return future.result()

    def ask(self, question: Callable[[], Answer]) -> Answer:
        """Raises `StoreUnavailable` when the store stays away for too long."""
        end = monotonic() + LEASE
        while True:
            try:
                return question()
            except StoreUnavailable:
                if monotonic() >= end or self._pause(TICK):
                    raise

    def finish(self, result: str, entries: Sequence[Entry]) -> None:
        """The job is done, and its reports are kept, unless it was cancelled or went to another worker."""
        self.ask(lambda: self._queue.finish(self.job.id, self._worker, result, entries=entries))

    def fail(self, error: str, message: str) -> None:
        self.ask(lambda: self._queue.finish(self.job.id, self._worker, "", error, message))

    def let_go(self) -> None:
        """Others need not wait for the lease to run out, and this was no attempt."""
        with suppress(StoreUnavailable):
            self._queue.release(self.job.id, self._worker)

    def _beat(self) -> None:
        lease = moment(LEASE)
        if not self.ask(lambda: self._queue.beat(self.job.id, self._worker, *self._steps, lease)):
            raise GoneError
        self._next = monotonic() + BEAT


def moment(seconds: float) -> str:
    return (datetime.now(UTC) + timedelta(seconds=seconds)).strftime("%Y-%m-%dT%H:%M:%SZ")
