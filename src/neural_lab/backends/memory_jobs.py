"""The jobs of one owner in memory."""

from collections.abc import Iterator
from itertools import islice

from neural_lab.backends.memory_queue import MemoryQueue, Posted
from neural_lab.errors import InvalidRequest, NotFound
from neural_lab.job import Job, JobState

REUSED = "This idempotency key belongs to a job on other documents: take another key for these."


class MemoryJobs:
    """A `Jobs`, and the reference for what jobs answer."""

    def __init__(self, queue: MemoryQueue, owner: str) -> None:
        self._queue, self._owner = queue, owner

    def add(self, kind: str, payload: str, once: str = "", digest: bytes = b"") -> tuple[Job, bool]:
        """A new job and True, or the one that was added with the same non-empty `once` and False."""
        with self._queue.lock:
            for posted in self._mine():
                if once and posted.once == once:
                    check_reuse(posted.digest, digest)
                    return posted.job, False
            number, now = next(self._queue.numbers), self._queue.now()
            job = added(number, self._owner, kind, now)
            self._queue.posted[number] = Posted(job, payload, once, digest)
            return job, True

    def job(self, number: int) -> Job:
        """Raises `NotFound`."""
        with self._queue.lock:
            return self._posted(number).job

    def result(self, number: int) -> str:
        """JSON, "" while there is none. Raises `NotFound`."""
        with self._queue.lock:
            return self._posted(number).result

    def jobs(self, most: int = 50) -> list[Job]:
        """The newest first."""
        with self._queue.lock:
            return [*islice(reversed([*self._jobs()]), max(most, 0))]

    def cancel(self, number: int) -> Job:
        """End a job that has not ended. Raises `NotFound`."""
        with self._queue.lock:
            if not self._posted(number).job.state.ended:
                self._queue.end(number, JobState.CANCELLED)
            return self._posted(number).job

    def remove(self, number: int) -> bool:
        """Delete a job that has ended; False where there is none."""
        with self._queue.lock:
            ended = [job.id for job in self._jobs() if job.id == number and job.state.ended]
            return self._drop(ended)

    def forget(self) -> None:
        """Delete all jobs, also those that somebody works on."""
        with self._queue.lock:
            self._drop([job.id for job in self._jobs()])

    def _mine(self) -> Iterator[Posted]:
        return (each for each in self._queue.posted.values() if each.job.owner == self._owner)

    def _jobs(self) -> Iterator[Job]:
        return (posted.job for posted in self._mine())

    def _posted(self, number: int) -> Posted:
        posted = self._queue.posted.get(number)
        if posted is None or posted.job.owner != self._owner:
            raise missing(number)
        return posted

    def _drop(self, numbers: list[int]) -> bool:
        for number in numbers:
            del self._queue.posted[number]
        return bool(numbers)


def added(number: int, owner: str, kind: str, now: str) -> Job:
    """A job as it is when it is new."""
    return Job(number, owner, kind, JobState.QUEUED, 0, 0, now, now, 0, "", "")


def check_reuse(known: bytes | None, digest: bytes) -> None:
    """Raises `InvalidRequest` when a key came with another payload; of old jobs that is not known."""
    if known is not None and known != digest:
        raise InvalidRequest("key_reused", REUSED)


def missing(number: int) -> NotFound:
    return NotFound("no_job", f"There is no job {number}: list the jobs to see which there are.")
