"""The jobs of all owners in PostgreSQL."""

from collections.abc import Sequence
from functools import partial

from neural_lab.backends.clock import Clock, utc
from neural_lab.backends.memory_queue import outcome
from neural_lab.backends.postgres.database import Connection, Database, statement
from neural_lab.backends.postgres.escapes import escaped, fields
from neural_lab.backends.postgres.history import keep
from neural_lab.backends.postgres.jobs import job
from neural_lab.backends.postgres.numbers import possible
from neural_lab.entry import Entry
from neural_lab.job import Claim


class PostgresQueue:
    """A `Queue`; the payload of a finished job leaves the table when old ones expire, or by autovacuum."""

    def __init__(self, database: Database, now: Clock = utc) -> None:
        self._database, self._now = database, now

    def claim(self, worker: str, now: str, lease: str) -> Claim | None:
        """The oldest job that waits, also for another worker since its own has not been heard of."""
        for row in self._database.rows(statement("claim"), escaped(worker), now, lease):
            columns = fields(row)
            payload = columns.pop("payload")
            return Claim(job(columns), payload)
        return None

    def beat(self, number: int, worker: str, done: int, total: int, lease: str) -> bool:
        return self._held("beat", number, worker, done, total, self._now(), lease)

    def release(self, number: int, worker: str) -> bool:
        return self._held("release", number, worker, self._now())

    def finish(
        self,
        number: int,
        worker: str,
        result: str,
        error: str = "",
        message: str = "",
        entries: Sequence[Entry] = (),
    ) -> bool:
        words = [escaped(each) for each in (result, error, message)]
        values = escaped(worker), outcome(error), self._now(), *words

        async def work(connection: Connection, asked: int) -> bool:
            owner = await connection.fetchval(statement("finish"), asked, *values)
            if owner is not None and entries:
                await keep(connection, owner, entries)
            return owner is not None

        return any(self._database.transaction(partial(work, asked=asked)) for asked in possible([number]))

    def expire(self, before: str) -> int:
        """Delete jobs that ended before a moment; see `Database.wipe`."""
        count = len(self._database.rows(statement("expire_jobs"), escaped(before)))
        if count:
            self._database.wipe("job")
        return count

    def _held(self, name: str, number: int, worker: str, *values: object) -> bool:
        """Run a statement that does nothing unless the worker has the job, and say whether it has."""
        return any(
            self._database.rows(statement(name), asked, escaped(worker), *values)
            for asked in possible([number])
        )
