"""The drafts of one owner in PostgreSQL."""

from neural_lab.backends.memory_trail import missing
from neural_lab.backends.packed_text import pack, unpack
from neural_lab.backends.postgres.database import Connection, Database, Row, statement
from neural_lab.backends.postgres.escapes import escaped, fields
from neural_lab.backends.postgres.numbers import LARGEST
from neural_lab.trail import Draft, Snapshot, check_room, content, following

LOCK = 0x4E4E
TABLES = ("draft", "snapshot")


class PostgresTrail:
    """A `Trail`; a title that was changed leaves the table when something is deleted, or by autovacuum."""

    def __init__(self, database: Database, owner: int) -> None:
        self._database, self._owner = database, owner

    def append(self, draft: str, title: str, text: str, at: str) -> Snapshot:
        """A new snapshot, or the last if the text is the same. Raises `InvalidRequest` without room."""
        packed, of_text = pack(text), content(text)

        async def work(connection: Connection) -> Snapshot:
            await connection.execute(statement("lock"), LOCK, self._owner)
            await connection.execute(statement("put_draft"), self._owner, draft, escaped(title))
            row = await connection.fetchrow(statement("last_snapshot"), self._owner, draft)
            last = Snapshot(**row) if row else None
            if last is None or last.text_sha256 != of_text:
                held = await connection.fetchrow(statement("held_by_drafts"), self._owner)
                # The draft itself is among them by now.
                check_room(last, held["drafts"] - (last is None), held["bytes"], len(packed))
                last = following(last, text, at)
                await self._add(connection, draft, last, packed)
            return last

        return self._database.transaction(work)

    def drafts(self) -> list[Draft]:
        """Those that went on last come first."""
        return [Draft(**fields(row)) for row in self._database.rows(statement("drafts"), self._owner, None)]

    def draft(self, draft: str) -> Draft:
        """Raises `NotFound`."""
        return Draft(**fields(self._rows("drafts", draft)[0]))

    def snapshots(self, draft: str) -> list[Snapshot]:
        """All of a draft, in order. Raises `NotFound`."""
        return [Snapshot(**row) for row in self._rows("snapshots", draft)]

    def text(self, draft: str, seq: int) -> str:
        """The text of one snapshot. Raises `NotFound`."""
        return unpack(self._rows("snapshot_text", draft, min(max(seq, 0), LARGEST))[0]["packed"])

    def delete(self, draft: str) -> bool:
        """Delete a draft; see `Database.wipe`."""
        return bool(self._removed("remove_draft", draft))

    def purge(self) -> int:
        """Delete all drafts likewise."""
        return self._removed("purge_drafts")

    async def _add(self, connection: Connection, draft: str, snapshot: Snapshot, packed: bytes) -> None:
        chained = snapshot.text_sha256, snapshot.previous, snapshot.digest
        values = packed, snapshot.seq, snapshot.at, snapshot.characters, *chained
        await connection.execute(statement("add_snapshot"), self._owner, draft, *values)
        await connection.execute(statement("grow_draft"), self._owner, draft, len(packed))

    def _rows(self, name: str, *values: object) -> list[Row]:
        rows = self._database.rows(statement(name), self._owner, *values)
        if not rows:
            raise missing()
        return rows

    def _removed(self, name: str, *values: object) -> int:
        count = len(self._database.rows(statement(name), self._owner, *values))
        if count:
            self._database.wipe(*TABLES)
        return count
