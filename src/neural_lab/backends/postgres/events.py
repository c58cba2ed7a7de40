"""What happened, in PostgreSQL."""

from collections.abc import Sequence

from neural_lab.backends.postgres.database import Connection, Database, statement
from neural_lab.backends.postgres.escapes import escaped, fields
from neural_lab.backends.postgres.numbers import limit
from neural_lab.event import Event

COLUMNS = (
    *("at", "kind", "status", "milliseconds", "characters"),
    *("words", "probability", "verdict", "detector", "signals"),
)


class PostgresEvents:
    """An `Events`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def record(self, events: Sequence[Event]) -> None:
        async def work(connection: Connection) -> None:
            await connection.copy_records_to_table("event", records=map(_record, events), columns=COLUMNS)

        self._database.transaction(work)

    def between(self, start: str, end: str, most: int = 100_000) -> list[Event]:
        """Events from `start` on and before `end`, in order."""
        rows = self._database.rows(statement("events"), escaped(start), escaped(end), limit(most))
        return [Event(**fields(row)) for row in rows]

    def expire(self, before: str) -> int:
        """Nothing is wiped: there are no words in events."""
        return int(self._database.rows(statement("expire_events"), escaped(before))[0]["rows"])


def _record(event: Event) -> tuple[object, ...]:
    values = (getattr(event, name) for name in COLUMNS)
    return (*(escaped(value) if isinstance(value, str) else value for value in values),)
