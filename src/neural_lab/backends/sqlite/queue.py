"""The jobs of all owners in SQLite."""

import sqlite3
from collections.abc import Sequence

from neural_lab.backends.clock import Clock, utc
from neural_lab.backends.memory_queue import outcome
from neural_lab.backends.sqlite import job_rows
from neural_lab.backends.sqlite.database import Database
from neural_lab.backends.sqlite.history import keep
from neural_lab.backends.sqlite.values import possible, written
from neural_lab.entry import Entry
from neural_lab.job import Claim

# Queued jobs may be many, and the index has the oldest first; running ones are as few as workers.
WAITING = """
select min(id) from (
    select min(id) as id from job where state = 'queued'
    union all
    select min(id) from job where state = 'running' and lease < ?
)
"""
CLAIM = """
update job set
    state = 'running', worker = ?, updated = ?, lease = ?, done = 0, total = 0, attempts = attempts + 1
where id = ?
"""
BEAT = """
update job set done = ?, total = ?, updated = ?, lease = ? where id = ? and worker = ? and state = 'running'
"""
RELEASE = """
update job set
    state = 'queued', worker = x'', updated = ?, lease = '', done = 0, total = 0, attempts = attempts - 1
where id = ? and worker = ? and state = 'running'
"""
HELD = "select owner from job where id = ? and worker = ? and state = 'running'"
OLD = """
select id, payload, result, message from job
where state in ('done', 'failed', 'cancelled') and updated < ?
"""


class SqliteQueue:
    """A `Queue`; the payload of a finished job leaves the files when old ones expire."""

    def __init__(self, database: Database, now: Clock = utc) -> None:
        self._database, self._now = database, now

    def claim(self, worker: str, now: str, lease: str) -> Claim | None:
        """Looks before it locks, so that idle workers do not wait for whoever writes."""
        with self._database.reading() as connection:
            if _waiting(connection, now) is None:
                return None
        with self._database.writing() as connection:
            number = _waiting(connection, now)
            if number is None:
                return None
            connection.execute(CLAIM, (written(worker), now, lease, number))
            return Claim(job_rows.one(connection, number), job_rows.payload(connection, number))

    def beat(self, number: int, worker: str, done: int, total: int, lease: str) -> bool:
        values = done, total, self._now(), lease, possible(number), written(worker)
        with self._database.writing() as connection:
            return bool(connection.execute(BEAT, values).rowcount)

    def release(self, number: int, worker: str) -> bool:
        values = self._now(), possible(number), written(worker)
        with self._database.writing() as connection:
            return bool(connection.execute(RELEASE, values).rowcount)

    def finish(
        self,
        number: int,
        worker: str,
        result: str,
        error: str = "",
        message: str = "",
        entries: Sequence[Entry] = (),
    ) -> bool:
        with self._database.writing() as connection:
            held = connection.execute(HELD, (possible(number), written(worker))).fetchone()
            if held:
                job_rows.end(connection, number, outcome(error), self._now(), result, error, message)
                keep(connection, held[0], entries)
            return bool(held)

    def expire(self, before: str) -> int:
        """Delete jobs that ended before a moment; see `Database.deleting`."""
        with self._database.deleting() as connection:
            return job_rows.drop(connection, connection.execute(OLD, (before,)).fetchall())


def _waiting(connection: sqlite3.Connection, now: str) -> int | None:
    """The number of the oldest job that a worker may have."""
    found: tuple[int | None] = connection.execute(WAITING, (now,)).fetchone()
    return found[0]
