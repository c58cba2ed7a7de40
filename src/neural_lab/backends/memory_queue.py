"""The jobs of all owners in memory."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from itertools import count
from threading import Lock
from typing import Any

from neural_lab.backends.clock import Clock, utc
from neural_lab.entry import Entry
from neural_lab.job import Claim, Job, JobState

Keep = Callable[[str, Sequence[Entry]], object]


@dataclass(frozen=True, slots=True)
class Posted:
    """A job with its texts, under what it was added once, and who works on it until when."""

    job: Job
    payload: str
    once: str
    digest: bytes
    result: str = ""
    worker: str = ""
    lease: str = ""

    def waits(self, now: str) -> bool:
        lost = self.job.state is JobState.RUNNING and self.lease < now
        return lost or self.job.state is JobState.QUEUED

    def held(self, worker: str) -> bool:
        return self.job.state is JobState.RUNNING and self.worker == worker

    def anew(self, state: JobState, attempts: int, now: str) -> Job:
        """The job as it is before the first of its steps."""
        return replace(self.job, state=state, attempts=attempts, done=0, total=0, updated=now)


class MemoryQueue:
    """A `Queue`, and the reference for what queues answer; `MemoryJobs` are views of it.

    `keep` puts entries into the history of an owner.
    """

    def __init__(self, keep: Keep, now: Clock = utc) -> None:
        self.now, self.lock, self.numbers, self._keep = now, Lock(), count(1), keep
        self.posted: dict[int, Posted] = {}

    def claim(self, worker: str, now: str, lease: str) -> Claim | None:
        """The oldest job that waits, also for another worker since its own has not been heard of."""
        with self.lock:
            for number, posted in self.posted.items():
                if posted.waits(now):
                    job = posted.anew(JobState.RUNNING, posted.job.attempts + 1, now)
                    self._change(number, job=job, worker=worker, lease=lease)
                    return Claim(job, posted.payload)
        return None

    def beat(self, number: int, worker: str, done: int, total: int, lease: str) -> bool:
        with self.lock:
            held = self._held(number, worker)
            if held:
                job = replace(held.job, done=done, total=total, updated=self.now())
                self._change(number, job=job, lease=lease)
            return held is not None

    def release(self, number: int, worker: str) -> bool:
        with self.lock:
            held = self._held(number, worker)
            if held:
                job = held.anew(JobState.QUEUED, held.job.attempts - 1, self.now())
                self._change(number, job=job, worker="")
            return held is not None

    def finish(
        self,
        number: int,
        worker: str,
        result: str,
        error: str = "",
        message: str = "",
        entries: Sequence[Entry] = (),
    ) -> bool:
        with self.lock:
            held = self._held(number, worker)
            if held:
                self._keep(held.job.owner, entries)
                self.end(number, outcome(error), result, error, message)
            return held is not None

    def expire(self, before: str) -> int:
        with self.lock:
            jobs = [posted.job for posted in self.posted.values()]
            old = [job.id for job in jobs if job.state.ended and job.updated < before]
            for number in old:
                del self.posted[number]
            return len(old)

    def end(self, number: int, state: JobState, result: str = "", error: str = "", message: str = "") -> None:
        """For whoever holds the lock."""
        job, now = self.posted[number].job, self.now()
        ended = replace(job, state=state, updated=now, error=error, message=message)
        self._change(number, job=ended, payload="", result=result)

    def _held(self, number: int, worker: str) -> Posted | None:
        posted = self.posted.get(number)
        return posted if posted and posted.held(worker) else None

    def _change(self, number: int, **changes: Any) -> None:
        self.posted[number] = replace(self.posted[number], **changes)


def outcome(error: str) -> JobState:
    """How a job ended whose worker reports an error's code, or none."""
    return JobState.FAILED if error else JobState.DONE
