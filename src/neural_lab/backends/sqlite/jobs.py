"""The jobs of one owner in SQLite."""

import sqlite3
from typing import Any

from neural_lab.backends.clock import Clock, utc
from neural_lab.backends.memory_jobs import check_reuse, missing
from neural_lab.backends.sqlite import job_rows, texts
from neural_lab.backends.sqlite.owner import Owner
from neural_lab.backends.sqlite.values import digest as digested
from neural_lab.backends.sqlite.values import possible, read, written
from neural_lab.job import Job, JobState

ADD = """
insert into job (owner, kind, payload, payload_digest, once_sha256, created, updated)
values (:owner, :kind, :payload, :digest, :once, :now, :now)
"""
ONCE = "select id, payload_digest from job where owner = ? and once_sha256 = ?"
ONE = """
select id, state, done, total, created, updated, attempts, name, kind, error, message
from job_seen where +owner = :owner and id = :number
"""
RESULT = "select result from job_seen where +owner = :owner and id = :number"
NEWEST = """
select id, state, done, total, created, updated, attempts, name, kind, error, message
from job_seen where owner = :owner order by id desc limit :most
"""
ENDED = """
select id, payload, result, message from job
where +owner = ? and id = ? and state not in ('queued', 'running')
"""


class SqliteJobs:
    """A `Jobs`; the payload of a cancelled job leaves the files when another is removed."""

    def __init__(self, owner: Owner, now: Clock = utc) -> None:
        self._owner, self._now = owner, now

    def add(self, kind: str, payload: str, once: str = "", digest: bytes = b"") -> tuple[Job, bool]:
        """A new job and True, or the one that was added with the same non-empty `once` and False."""
        values = {"kind": written(kind), "now": self._now(), "once": digested(once), "digest": digest}
        with self._owner.writing() as (connection, owner):
            for number, known in connection.execute(ONCE, (owner, values["once"])).fetchall():
                check_reuse(known, digest)
                return job_rows.one(connection, number), False
            kept = texts.put(connection, payload)
            number = connection.execute(ADD, {"owner": owner, "payload": kept, **values}).lastrowid
            return job_rows.one(connection, int(number or 0)), True

    def job(self, number: int) -> Job:
        """Raises `NotFound`."""
        return job_rows.job(self._row(ONE, number))

    def result(self, number: int) -> str:
        """JSON, "" while there is none. Raises `NotFound`."""
        return read(self._row(RESULT, number)[0])

    def jobs(self, most: int = 50) -> list[Job]:
        """The newest first."""
        return [job_rows.job(row) for row in self._owner.rows(NEWEST, most=max(most, 0))]

    def cancel(self, number: int) -> Job:
        """End a job that has not ended. Raises `NotFound`."""
        with self._owner.writing() as (connection, owner):
            job = _job(connection, owner, number)
            if job.state.ended:
                return job
            job_rows.end(connection, number, JobState.CANCELLED, self._now(), "", "", "")
            return job_rows.one(connection, number)

    def remove(self, number: int) -> bool:
        """Delete a job that has ended; see `Database.deleting`."""
        with self._owner.deleting() as (connection, owner):
            ended = connection.execute(ENDED, (owner, possible(number))).fetchall()
            return bool(job_rows.drop(connection, ended))

    def _row(self, statement: str, number: int) -> Any:
        for row in self._owner.rows(statement, number=possible(number)):
            return row
        raise missing(number)


def _job(connection: sqlite3.Connection, owner: int, number: int) -> Job:
    row = connection.execute(ONE, {"owner": owner, "number": possible(number)}).fetchone()
    if row is None:
        raise missing(number)
    return job_rows.job(row)
