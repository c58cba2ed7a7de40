"""The reports that one owner keeps in PostgreSQL."""

from collections.abc import Sequence

from neural_lab.backends.memory_history import missing
from neural_lab.backends.postgres.database import Connection, Database, Row, statement
from neural_lab.backends.postgres.escapes import escaped, fields
from neural_lab.backends.postgres.numbers import LARGEST, limit, possible
from neural_lab.backends.postgres.storing import reserved
from neural_lab.backends.postgres.words import pattern
from neural_lab.entry import Entry

COLUMNS = (
    *("id", "owner", "kind", "created", "title", "path", "text", "detector", "verdict"),
    *("probability", "coverage", "settings", "report"),
)


class PostgresHistory:
    """A `History`."""

    def __init__(self, database: Database, owner: int) -> None:
        self._database, self._owner = database, owner

    def keep(self, entries: Sequence[Entry]) -> list[int]:
        return self._database.transaction(lambda connection: keep(connection, self._owner, entries))

    def entries(self, most: int = 50, before: int | None = None) -> list[Entry]:
        highest = None if before is None else min(max(before, 0), LARGEST)
        return self._entries(self._database.rows(statement("entries"), self._owner, highest, limit(most)))

    def entry(self, number: int) -> Entry:
        """One whole entry. Raises `NotFound`."""
        for asked in possible([number]):
            for row in self._database.rows(statement("entry"), self._owner, asked):
                return Entry(**fields(row))
        raise missing(number)

    def search(self, words: str, most: int = 50) -> list[Entry]:
        rows = self._database.rows(statement("search_entries"), self._owner, pattern(words), limit(most))
        return self._entries(rows)

    def delete(self, numbers: Sequence[int]) -> int:
        return self._removed("remove_entries", possible(numbers))

    def purge(self) -> int:
        return self._removed("purge_entries")

    def expire(self, before: str) -> int:
        return self._removed("expire_entries", escaped(before))

    def _removed(self, name: str, *values: object) -> int:
        count = len(self._database.rows(statement(name), self._owner, *values))
        if count:
            self._database.wipe("entry")
        return count

    def _entries(self, rows: Sequence[Row]) -> list[Entry]:
        return [Entry(**fields(row)) for row in rows]


async def keep(connection: Connection, owner: int, entries: Sequence[Entry]) -> list[int]:
    """Store entries in a transaction that there is already."""
    numbers = await reserved(connection, "entry", len(entries))
    records = [_record(owner, *each) for each in zip(numbers, entries, strict=True)]
    await connection.copy_records_to_table("entry", records=records, columns=COLUMNS)
    return numbers


def _record(owner: int, number: int, entry: Entry) -> tuple[object, ...]:
    values = (getattr(entry, name) for name in COLUMNS[2:])
    stored = (escaped(value) if isinstance(value, str) else value for value in values)
    return number, owner, *stored
