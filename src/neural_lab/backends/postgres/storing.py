"""Storing texts, inside a transaction that holds the lock of their owner."""

from collections.abc import Sequence

from neural_lab.audit.letters import VERSION
from neural_lab.backends.postgres import origins
from neural_lab.backends.postgres.arrivals import Arrival, Held, Plan, plan
from neural_lab.backends.postgres.copying import copied
from neural_lab.backends.postgres.database import BULK_SECONDS, Connection, statement
from neural_lab.backends.postgres.escapes import escaped
from neural_lab.backends.postgres.removing import removed

LOCK = 0x4E4C
MERGE_MEMORY = "SET LOCAL work_mem = '128MB'"
"""Room to merge what waits for the index of words in one go."""
MOST_ROWS = 6_000_000
"""Fingerprints in a part, of about 80 MB of text: its index takes 380 MB."""
COLUMNS = (
    *("id", "owner", "title", "path", "date", "language", "collection"),
    *("characters", "part", "fingerprints", "sha256", "added", "version", "body"),
)

Shown = tuple[Arrival, str]
"""An arrival, and the path that it shows."""


async def locked(connection: Connection, owner: int) -> None:
    """Wait until nobody else changes the library of `owner`, and keep it so to the end of the transaction.

    So nobody can add the same text or take the same path at the same moment, and
    numbers are visible in the order in which they were given.
    """
    await connection.execute(statement("lock"), LOCK, owner, timeout=BULK_SECONDS)


async def held(owner: int, arrivals: Sequence[Arrival], connection: Connection) -> list[Held]:
    """The sources that have the content or came from the path of an arrival."""
    contents = [bytes.fromhex(each.incoming.sha256) for each in arrivals]
    paths = [each.origin for each in arrivals if each.origin]
    rows = await connection.fetch(statement("held"), owner, contents, paths)
    return [Held(row["id"], row["sha256"], row["path"], frozenset(row["origins"])) for row in rows]


async def reserved(connection: Connection, table: str, count: int) -> list[int]:
    """Ascending numbers that nobody else will get."""
    return [row["id"] for row in await connection.fetch(statement("reserve"), table, count)]


async def stored(
    owner: int, arrivals: Sequence[Arrival], added: str, connection: Connection
) -> list[int | None]:
    """Store arrivals; returns what `Library.add` does."""
    await locked(connection, owner)
    planned = plan(arrivals, await held(owner, arrivals, connection))
    numbers = await reserved(connection, "source", len(planned.numbered))
    numbered = dict(zip(planned.numbered, numbers, strict=True))
    await removed(connection, owner, planned.gone)
    await origins.left(connection, owner, planned)
    kept = {numbered[place]: _shown(arrivals[place], planned) for place in planned.kept.values()}
    await _copied(connection, owner, kept, added)
    new = {key: numbered[place] for key, place in planned.kept.items()}
    await origins.joined(connection, owner, planned, new)
    return [numbered.get(place) for place in range(len(arrivals))]


def _shown(arrival: Arrival, planned: Plan) -> Shown:
    """An arrival with the path that it shows: none if a later one has taken that."""
    return arrival, arrival.incoming.path if planned.sources[arrival.incoming.sha256].path else ""


async def _copied(connection: Connection, owner: int, sources: dict[int, Shown], added: str) -> None:
    if not sources:
        return
    part = await connection.fetchval(statement("open_part"), owner, MOST_ROWS)
    records = (_record(owner, part, number, *shown, added) for number, shown in sources.items())
    postings = {number: arrival.postings for number, (arrival, _) in sources.items()}
    count = sum(len(hashes) for hashes, _ in postings.values())
    await connection.execute(statement("fill_part"), owner, part, count)
    await connection.execute(MERGE_MEMORY)
    await connection.copy_records_to_table("source", records=records, columns=COLUMNS, timeout=BULK_SECONDS)
    rows = copied(owner, part, postings)
    await connection.copy_to_table("fingerprint", source=rows, format="binary", timeout=BULK_SECONDS)


def _record(
    owner: int, part: int, number: int, arrival: Arrival, path: str, added: str
) -> tuple[object, ...]:
    text, sha256 = arrival.incoming, bytes.fromhex(arrival.incoming.sha256)
    words = map(escaped, (text.title, path, text.date, text.language, text.collection))
    counts = len(text.text), part, len(arrival.postings[0])
    return number, owner, *words, *counts, sha256, added, VERSION, escaped(text.text)
