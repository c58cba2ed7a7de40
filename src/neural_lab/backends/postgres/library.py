"""The sources of one owner in PostgreSQL."""

from collections.abc import Sequence
from functools import partial

import numpy as np

from neural_lab.audit.fingerprints import Hashes
from neural_lab.audit.postings import MOST_SOURCES
from neural_lab.audit.postings import Row as Posting
from neural_lab.audit.source import Incoming, Source, Stats
from neural_lab.backends.clock import Clock, utc
from neural_lab.backends.postgres.arrivals import Arrival, digest
from neural_lab.backends.postgres.database import Connection, Database, statement
from neural_lab.backends.postgres.escapes import fields, plain
from neural_lab.backends.postgres.numbers import limit, possible
from neural_lab.backends.postgres.removing import removed
from neural_lab.backends.postgres.storing import held, locked, stored
from neural_lab.backends.postgres.words import pattern

BULK = 250
"""After so many new sources pages are marked as all visible, so that recalling reads the index alone."""


class PostgresLibrary:
    """A `Library`; what takes the place of a text also takes it out of the tables at the next `remove`."""

    def __init__(self, database: Database, owner: int, now: Clock = utc) -> None:
        self._database, self._owner, self._now = database, owner, now

    def add(self, texts: Sequence[Incoming]) -> list[int | None]:
        """Fingerprints are computed before anything is locked, and only for texts that look new."""
        arrivals = [Arrival(text) for text in texts]
        known = {source.sha256 for source in self._database.transaction(partial(held, self._owner, arrivals))}
        for arrival in arrivals:
            if arrival.incoming.sha256 not in known:
                _ = arrival.postings
        numbers = self._database.transaction(partial(stored, self._owner, arrivals, self._now()))
        if len(numbers) - numbers.count(None) >= BULK:
            self._database.settle("fingerprint")
        return numbers

    def recall(self, hashes: Hashes, among: Sequence[int] | None = None, without: int = 0) -> list[Posting]:
        order = np.argsort(hashes)
        # Sorted, since neighbours are on the same page of the index.
        chosen = None if among is None else possible(among)
        asked = hashes[order].tolist(), order.tolist(), MOST_SOURCES + 1, without, chosen
        return [*map(tuple, self._database.rows(statement("recall"), self._owner, *asked))]

    def added_from(self, path: str) -> int:
        rows = self._database.rows(statement("added_from"), self._owner, digest(path)) if path else []
        return int(rows[0]["source"]) if rows else 0

    def texts(self, sources: Sequence[int]) -> dict[int, str]:
        rows = self._database.rows(statement("texts"), self._owner, possible(sources))
        return {row["id"]: plain(row["body"]) for row in rows}

    def sources(self, numbers: Sequence[int] | None = None) -> list[Source]:
        asked = None if numbers is None else possible(numbers)
        return [
            Source(**fields(row)) for row in self._database.rows(statement("sources"), self._owner, asked)
        ]

    def search(self, words: str, most: int = 50) -> list[Source]:
        rows = self._database.rows(statement("search_sources"), self._owner, pattern(words), limit(most))
        return [Source(**fields(row)) for row in rows]

    def remove(self, sources: Sequence[int]) -> int:
        async def work(connection: Connection) -> int:
            await locked(connection, self._owner)
            return await removed(connection, self._owner, possible(sources))

        count = self._database.transaction(work)
        if count:
            self._database.wipe("fingerprint", "source", "origin")
        return count

    def stats(self) -> Stats:
        rows = self._database.rows(statement("stats"), self._owner)
        return Stats(
            sources=sum(row["sources"] for row in rows),
            characters=sum(int(row["characters"]) for row in rows),
            fingerprints=sum(row["fingerprints"] for row in rows),
            collections={plain(row["collection"]): row["sources"] for row in rows},
        )
