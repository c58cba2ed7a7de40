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
    """`payload` and `result` are JSON, "" while there is none; `error` is a code, "" without one.

    Of `total` steps `done` are done; `total` is 0 while nobody knows. `created` and
    `updated` are ISO 8601 in UTC.
    """

    id: int
    owner: str
    kind: str
    state: JobState
    done: int
    total: int
    created: str
    updated: str
    payload: str
    result: str
    error: str
    message: str
