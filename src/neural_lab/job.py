"""Work that outlasts a request."""

from dataclasses import dataclass
from enum import StrEnum


class JobState(StrEnum):
    QUEUED = "queued"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"

    @property
    def ended(self) -> bool:
        return self not in (JobState.QUEUED, JobState.RUNNING)


@dataclass(frozen=True, slots=True)
class Job:
    """How a job is, without what is to be done and what came of it; `error` is a code, "" without one.

    Of `total` steps `done` are done; `total` is 0 while nobody knows. `created` and
    `updated` are ISO 8601 in UTC. `attempts` counts the workers that claimed it and did
    not let it go.
    """

    id: int
    owner: str
    kind: str
    state: JobState
    done: int
    total: int
    created: str
    updated: str
    attempts: int
    error: str
    message: str


@dataclass(frozen=True, slots=True)
class Claim:
    """A job in the hands of a worker; `payload` is JSON that says what is to be done."""

    job: Job
    payload: str
