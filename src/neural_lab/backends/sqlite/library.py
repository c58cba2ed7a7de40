"""The sources of one owner in SQLite."""

from collections.abc import Sequence
from itertools import islice
from typing import Any

from neural_lab.audit.fingerprints import Hashes
from neural_lab.audit.postings import MOST_SOURCES, Row
from neural_lab.audit.source import Incoming, Source, Stats
from neural_lab.backends.clock import Clock, utc
from neural_lab.backends.searching import holds, wanted
from neural_lab.backends.sqlite.origins import ALONE
from neural_lab.backends.sqlite.owner import Owner
from neural_lab.backends.sqlite.rows import RECALL, RECALL_AMONG, limited
from neural_lab.backends.sqlite.shelf import Shelf, packed
from neural_lab.backends.sqlite.values import digest, listed, read
from neural_lab.backends.sqlite.words import MERGE_SOURCES, query

# The plus keeps the planner from the index of owners, through which it would look at all their sources.
TEXTS = """
select id, text from source join source_text on source = id
where +owner = :owner and id in (select value from json_each(:numbers))
"""
ALL = """
select id, title, path, date, language, collection, characters, sha256, added from source
where owner = :owner order by id
"""
SOME = """
select id, title, path, date, language, collection, characters, sha256, added from source
where +owner = :owner and id in (select value from json_each(:numbers)) order by id
"""
SEARCH = """
select source.id, source.title, source.path, date, language, collection, characters, sha256, added, kept.text
from source_words
cross join source on source.id = source_words.rowid and source.owner = :owner
cross join source_text as kept on kept.source = source.id
where source_words match :query order by source_words.rowid desc
"""
STATS = """
select collection, count(*), sum(characters), sum(fingerprints)
from source where owner = :owner group by collection
"""


class SqliteLibrary:
    """A `Library`; what takes the place of a text also takes it out of the files at the next `remove`."""

    def __init__(self, owner: Owner, now: Clock = utc) -> None:
        self._owner, self._now = owner, now

    def add(self, texts: Sequence[Incoming]) -> list[int | None]:
        """Store texts with their fingerprints; others wait only while they are written."""
        prepared, added = [packed(text) for text in texts], self._now()
        with self._owner.writing() as (connection, owner):
            return Shelf(connection, owner).put(prepared, added)

    def recall(self, hashes: Hashes, among: Sequence[int] | None = None, without: int = 0) -> list[Row]:
        """Rows of the hashes that sources have; samples of those in more than `MOST_SOURCES`."""
        asked = {"hashes": listed(hashes.tolist()), "most": MOST_SOURCES, "without": without}
        if among is None:
            return limited(self._owner.rows(RECALL, **asked))
        return limited(self._owner.rows(RECALL_AMONG, among=listed(among), **asked))

    def added_from(self, path: str) -> int:
        """The number of the source that was added from a path and no other, or 0."""
        found = self._owner.rows(ALONE, path=digest(path)) if path else []
        return int(found[0][0]) if found else 0

    def texts(self, sources: Sequence[int]) -> dict[int, str]:
        """Texts by number; unknown numbers are left out."""
        return {number: read(text) for number, text in self._owner.rows(TEXTS, numbers=listed(sources))}

    def sources(self, numbers: Sequence[int] | None = None) -> list[Source]:
        """Those of `numbers` that exist, or all, in ascending order."""
        rows = self._owner.rows(ALL) if numbers is None else self._owner.rows(SOME, numbers=listed(numbers))
        return [_source(row) for row in rows]

    def search(self, words: str, most: int = 50) -> list[Source]:
        """Sources whose text or title contains `words`, newest first; raises `InvalidRequest`."""
        folded = wanted(words)
        with self._owner.asked(SEARCH, query=query(folded)) as rows:
            found = (_source(row) for row in rows if holds(folded, read(row[1]), read(row[-1])))
            return list(islice(found, max(most, 0)))

    def remove(self, sources: Sequence[int]) -> int:
        """Delete sources, and say how many there were; see `Database.deleting`."""
        with self._owner.deleting() as (connection, owner):
            taken = Shelf(connection, owner).take(sources)
            if taken:
                connection.execute(MERGE_SOURCES)
        return taken

    def stats(self) -> Stats:
        collections = self._owner.rows(STATS)
        sources, characters, fingerprints = (sum(row[at] for row in collections) for at in (1, 2, 3))
        return Stats(sources, characters, fingerprints, {read(row[0]): row[1] for row in collections})


def _source(row: Sequence[Any]) -> Source:
    title, path, date, language, collection = map(read, row[1:6])
    characters, sha256, added = row[6:9]
    return Source(row[0], title, path, date, language, collection, characters, sha256.hex(), added)
