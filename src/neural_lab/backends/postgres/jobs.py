"""The jobs of one owner in PostgreSQL."""

from typing import Any

from neural_lab.backends.clock import Clock, utc
from neural_lab.backends.memory_jobs import added, missing
from neural_lab.backends.postgres.database import Database, Row, statement
from neural_lab.backends.postgres.escapes import escaped, fields
from neural_lab.backends.postgres.numbers import limit, possible
from neural_lab.job import Job, JobState


class PostgresJobs:
    """A `Jobs`; the payload of a cancelled job leaves the table when another is removed, or by autovacuum."""

    def __init__(self, database: Database, owner: int, name: str, now: Clock = utc) -> None:
        self._database, self._owner, self._name, self._now = database, owner, name, now

    def add(self, kind: str, payload: str, once: str = "") -> tuple[Job, bool]:
        """A new job and True, or the one that was added with the same non-empty `once` and False."""
        key, now = escaped(once), self._now()
        values = escaped(kind), escaped(payload), key, now
        # Again, if whoever came first has removed the job in between.
        while True:
            for row in self._rows("add_job", *values):
                return added(row["id"], self._name, kind, payload, now), True
            for row in self._rows("added_once", key):
                return self._job(row), False

    def job(self, number: int) -> Job:
        """Raises `NotFound`."""
        for asked in possible([number]):
            for row in self._rows("job", asked):
                return self._job(row)
        raise missing(number)

    def jobs(self, most: int = 50) -> list[Job]:
        """The newest first, without `payload` and `result`."""
        return [self._job(row) for row in self._rows("jobs", limit(most))]

    def cancel(self, number: int) -> Job:
        """End a job that has not ended. Raises `NotFound`."""
        for asked in possible([number]):
            self._rows("cancel_job", asked, self._now())
        return self.job(number)

    def remove(self, number: int) -> bool:
        """Delete a job that has ended; see `Database.wipe`."""
        removed = any(self._rows("remove_job", asked) for asked in possible([number]))
        if removed:
            self._database.wipe("job")
        return removed

    def _rows(self, name: str, *values: object) -> list[Row]:
        return self._database.rows(statement(name), self._owner, *values)

    def _job(self, row: Row) -> Job:
        return job({**fields(row), "owner": self._name})


def job(columns: dict[str, Any]) -> Job:
    return Job(**{**columns, "state": JobState(columns["state"])})
