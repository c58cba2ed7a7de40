"""The jobs of one owner in PostgreSQL."""

from collections.abc import Mapping
from typing import Any

from neural_lab.backends.clock import Clock, utc
from neural_lab.backends.memory_jobs import added, check_reuse, missing
from neural_lab.backends.postgres.database import Database, Row, statement
from neural_lab.backends.postgres.escapes import escaped, fields, plain
from neural_lab.backends.postgres.numbers import limit, possible
from neural_lab.job import Job, JobState


class PostgresJobs:
    """A `Jobs`; the payload of a cancelled job leaves the table when another is removed, or by autovacuum."""

    def __init__(self, database: Database, owner: int, name: str, now: Clock = utc) -> None:
        self._database, self._owner, self._name, self._now = database, owner, name, now

    def add(self, kind: str, payload: str, once: str = "", digest: bytes = b"") -> tuple[Job, bool]:
        """A new job and True, or the one that was added with the same non-empty `once` and False."""
        key, now = escaped(once), self._now()
        values = escaped(kind), escaped(payload), key, now, digest
        # Again, if whoever came first has removed the job in between.
        while True:
            for row in self._rows("add_job", *values):
                return added(row["id"], self._name, kind, now), True
            for row in self._rows("added_once", key):
                return self._again(row, digest), False

    def job(self, number: int) -> Job:
        """Raises `NotFound`."""
        return self._job(self._row("job", number))

    def result(self, number: int) -> str:
        """JSON, "" while there is none. Raises `NotFound`."""
        return plain(self._row("job_result", number)["result"])

    def jobs(self, most: int = 50) -> list[Job]:
        """The newest first."""
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

    def _row(self, name: str, number: int) -> Row:
        for asked in possible([number]):
            for row in self._rows(name, asked):
                return row
        raise missing(number)

    def _rows(self, name: str, *values: object) -> list[Row]:
        return self._database.rows(statement(name), self._owner, *values)

    def _again(self, row: Row, digest: bytes) -> Job:
        """A job that is there already. Raises `InvalidRequest` when its payload was another one."""
        columns = dict(row)
        check_reuse(columns.pop("payload_digest"), digest)
        return self._job(columns)

    def _job(self, row: Mapping[str, Any]) -> Job:
        return job({**fields(row), "owner": self._name})


def job(columns: dict[str, Any]) -> Job:
    return Job(**{**columns, "state": JobState(columns["state"])})
