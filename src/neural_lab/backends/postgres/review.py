"""Disputes of all owners in PostgreSQL."""

from neural_lab.backends.postgres.database import Connection, Database, statement
from neural_lab.backends.postgres.disputes import read_dispute
from neural_lab.backends.postgres.escapes import escaped
from neural_lab.backends.postgres.numbers import LARGEST, limit, possible
from neural_lab.dispute import QUARANTINED, Counts, Decision, Dispute, State, decided


class PostgresReview:
    """A `Review`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def disputes(self, state: State = QUARANTINED, most: int = 50) -> list[Dispute]:
        """The oldest first, each with its owner."""
        rows = self._database.rows(statement("disputes_to_review"), state, limit(most))
        return [read_dispute(row) for row in rows]

    def dispute(self, number: int) -> Dispute | None:
        for asked in possible([number]):
            for row in self._database.rows(statement("dispute_to_review"), asked):
                return read_dispute(row)
        return None

    def decide(self, number: int, decision: Decision, reviewer: int, at: str, note: str = "") -> Dispute:
        """See `dispute.decided`; rows are locked from being read until they are written."""
        asked = next(iter(possible([number])), 0)

        async def work(connection: Connection) -> Dispute:
            row = await connection.fetchrow(statement("dispute_to_review"), asked)
            made = decided(read_dispute(row) if row else None, decision, reviewer, at, note)
            said = made.state, made.reviewed, made.reviewer, escaped(made.review_note)
            await connection.execute(statement("decide_dispute"), made.id, *said)
            return made

        return self._database.transaction(work)

    def counts(self) -> Counts:
        rows = self._database.rows(statement("count_all_disputes"))
        return Counts(**{row["counted"]: row["disputes"] for row in rows})

    def released(self) -> list[Dispute]:
        """The oldest first."""
        return self.disputes("accepted", LARGEST)
