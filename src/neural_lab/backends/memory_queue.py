"""The jobs of all owners in memory."""

from dataclasses import dataclass, replace
from itertools import count
from threading import Lock

from neural_lab.backends.clock import Clock, utc
from neural_lab.job import Job, JobState


@dataclass(frozen=True, slots=True)
class Posted:
    """A job, under what it was added once, and who works on it until when."""

    job: Job
    once: str = ""
    worker: str = ""
    lease: str = ""

    def waits(self, now: str) -> bool:
        lost = self.job.state is JobState.RUNNING and self.lease < now
        return lost or self.job.state is JobState.QUEUED

    def held(self, worker: str) -> bool:
        return self.job.state is JobState.RUNNING and self.worker == worker


class MemoryQueue:
    """A `Queue`, and the reference for what queues answer; `MemoryJobs` are views of it."""

    def __init__(self, now: Clock = utc) -> None:
        self.now, self.lock, self.numbers = now, Lock(), count(1)
        self.posted: dict[int, Posted] = {}

    def claim(self, worker: str, now: str, lease: str) -> Job | None:
        """The oldest job that waits, also for another worker since its own has not been heard of."""
        with self.lock:
            for number, posted in self.posted.items():
                if posted.waits(now):
                    job = replace(posted.job, state=JobState.RUNNING, done=0, total=0, updated=now)
                    self.posted[number] = replace(posted, job=job, worker=worker, lease=lease)
                    return job
        return None

    def beat(self, number: int, worker: str, done: int, total: int, lease: str) -> bool:
        with self.lock:
            posted = self.posted.get(number)
            if posted is None or not posted.held(worker):
                return False
            job = replace(posted.job, done=done, total=total, updated=self.now())
            self.posted[number] = replace(posted, job=job, lease=lease)
            return True

    def finish(self, number: int, worker: str, result: str, error: str = "", message: str = "") -> bool:
        with self.lock:
            posted = self.posted.get(number)
            if posted is None or not posted.held(worker):
                return False
            self.end(number, outcome(error), result, error, message)
            return True

    def expire(self, before: str) -> int:
        with self.lock:
            jobs = [posted.job for posted in self.posted.values()]
            old = [job.id for job in jobs if job.state.ended and job.updated < before]
            for number in old:
                del self.posted[number]
            return len(old)

    def end(self, number: int, state: JobState, result: str = "", error: str = "", message: str = "") -> None:
        """For whoever holds the lock."""
        posted = self.posted[number]
        job = replace(posted.job, state=state, updated=self.now(), payload="", result=result)
        self.posted[number] = replace(posted, job=replace(job, error=error, message=message))


def outcome(error: str) -> JobState:
    """How a job ended whose worker reports an error's code, or none."""
    return JobState.FAILED if error else JobState.DONE
