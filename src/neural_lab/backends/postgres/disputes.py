"""The disputes of one owner in PostgreSQL."""

from neural_lab.backends.postgres.database import Connection, Database, Row, statement
from neural_lab.backends.postgres.escapes import escaped, fields
from neural_lab.backends.postgres.numbers import limit, possible
from neural_lab.dispute import Dispute, check_room, filed
from neural_lab.types import Span

LOCK = 0x4E4D
WORDS = (
    *("created", "consented", "title", "text_sha256", "passage"),
    *("detector", "version", "claim", "note", "training_consented"),
)


class PostgresDisputes:
    """A `Disputes`."""

    def __init__(self, database: Database, owner: int) -> None:
        self._database, self._owner = database, owner

    def add(self, dispute: Dispute) -> Dispute:
        """The dispute with its number. Raises `InvalidRequest` where there are too many."""
        words = [escaped(getattr(dispute, name)) for name in WORDS]
        values = dispute.span.start, dispute.span.end, dispute.probability, *words

        async def work(connection: Connection) -> int:
            await connection.execute(statement("lock"), LOCK, self._owner)
            check_room(await connection.fetchval(statement("count_disputes"), self._owner))
            return int(await connection.fetchval(statement("add_dispute"), self._owner, *values))

        return filed(dispute, self._database.transaction(work))

    def disputes(self, most: int = 50) -> list[Dispute]:
        """The newest first."""
        rows = self._database.rows(statement("disputes"), self._owner, limit(most))
        return [read_dispute(row) for row in rows]

    def withdraw(self, number: int) -> bool:
        """Delete a dispute; see `Database.wipe`."""
        withdrawn = any(
            self._database.rows(statement("withdraw_dispute"), self._owner, asked)
            for asked in possible([number])
        )
        if withdrawn:
            self._database.wipe("dispute")
        return withdrawn

    def consent(self, number: int, moment: str) -> Dispute | None:
        """Agree to training at a moment, or, with "", no longer."""
        for asked in possible([number]):
            for row in self._database.rows(statement("consent_to_training"), self._owner, asked, moment):
                return read_dispute(row)
        return None


def read_dispute(row: Row) -> Dispute:
    """A row with all columns, and `owner` as a name where there is one."""
    columns = fields(row)
    span = Span(columns.pop("span_start"), columns.pop("span_end"))
    return Dispute(**columns, span=span)
