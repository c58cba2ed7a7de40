"""Where sources of one owner are put and taken from, inside a transaction."""

import sqlite3
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import repeat

from neural_lab.audit.fingerprints import fingerprint
from neural_lab.audit.letters import VERSION, letters
from neural_lab.audit.postings import pack
from neural_lab.audit.source import Incoming
from neural_lab.backends.sqlite import rows, words
from neural_lab.backends.sqlite.origins import Origins
from neural_lab.backends.sqlite.values import digest, listed, read, written

OLD_CONTENT = "select id from source where owner = ? and sha256 = ?"
ADD = """
insert into source (owner, title, path, date, language, collection, characters, sha256, path_sha256, added,
    version, fingerprints) values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
"""
ADD_TEXT = "insert into source_text (source, text) values (?, ?)"
ADD_WORDS = "insert into source_words (rowid, title, text) values (?, ?, ?)"
TAKEN = """
select id, title, text, fingerprints from source join source_text on source = id
where +owner = ? and id in (select value from json_each(?))
"""
DROP_WORDS = "insert into source_words (source_words, rowid, title, text) values ('delete', ?, ?, ?)"
EMPTY = """
update source set owner = null, title = x'', path = x'', date = x'', language = x'', collection = x'',
    characters = 0, sha256 = null, path_sha256 = null, added = '', fingerprints = 0
where id in (select value from json_each(?))
"""
FREE = "update source set sha256 = null, path_sha256 = null where id = ?"
EMPTY_TEXT = "update source_text set text = x'' where source in (select value from json_each(?))"


@dataclass(frozen=True)
class Packed:
    """A text that is ready to be put on a shelf."""

    text: Incoming
    written: bytes
    hashes: list[int]
    seeds: list[bytes]

    def rows(self, number: int) -> Iterable[tuple[int, int, bytes]]:
        return zip(self.hashes, repeat(number), self.seeds)


def packed(text: Incoming) -> Packed:
    return Packed(text, written(text.text), *pack(fingerprint(letters(text.text).codes)))


@dataclass(frozen=True)
class Taken:
    """A source on its way out; its fingerprints are known by computing them again."""

    id: int
    title: str
    text: str
    fingerprints: int

    @cached_property
    def hashes(self) -> list[int]:
        return pack(fingerprint(letters(self.text).codes))[0]


class Shelf:
    """The sources of one owner, seen from within a transaction that writes."""

    def __init__(self, connection: sqlite3.Connection, owner: int) -> None:
        self._connection, self._owner = connection, owner
        self._origins = Origins(connection, owner)

    def put(self, texts: Sequence[Packed], added: str) -> list[int | None]:
        """Store texts; their numbers, None for one that is there already."""
        replaced: list[int] = []
        numbers = [self._put(each, added, replaced) for each in texts]
        fresh = [(n, each) for n, each in zip(numbers, texts, strict=True) if n is not None]
        rows.add(
            self._connection, ((self._owner, *row) for number, each in fresh for row in each.rows(number))
        )
        fields = ((number, (each.text.title, each.text.text)) for number, each in fresh)
        words.write(self._connection, ADD_WORDS, fields)
        self.take(replaced)
        return numbers

    def take(self, numbers: Iterable[int]) -> int:
        """Delete those of `numbers` that the owner has, and say how many; the index forgets when merged."""
        known = listed(numbers)
        taken = [
            Taken(n, read(title), read(text), many) for n, title, text, many in self._found(TAKEN, known)
        ]
        if taken:
            self._drop_rows(taken)
            words.write(self._connection, DROP_WORDS, ((each.id, (each.title, each.text)) for each in taken))
            gone = listed(each.id for each in taken)
            self._origins.drop([each.id for each in taken])
            self._connection.execute(EMPTY, (gone,))
            self._connection.execute(EMPTY_TEXT, (gone,))
        return len(taken)

    def _found(self, query: str, value: object) -> list[tuple[int, bytes, bytes, int]]:
        return self._connection.execute(query, (self._owner, value)).fetchall()

    def _drop_rows(self, taken: Sequence[Taken]) -> None:
        keys = ((self._owner, hashed, each.id) for each in taken for hashed in each.hashes)
        # Fewer, if a version with other letters or hashes has added them.
        if rows.drop(self._connection, keys) != sum(each.fingerprints for each in taken):
            rows.drop_all(self._connection, self._owner, [each.id for each in taken])

    def _put(self, each: Packed, added: str, replaced: list[int]) -> int | None:
        sha256 = bytes.fromhex(each.text.sha256)
        path, known = digest(each.text.path), self._known(sha256)
        old = self._origins.leave(path, known)
        if old is not None:
            replaced.append(old)
            self._connection.execute(FREE, (old,))
        if known is not None:
            self._origins.join(known, path)
            return None
        number = self._describe(each, sha256, path, added)
        self._origins.join(number, path)
        self._connection.execute(ADD_TEXT, (number, each.written))
        return number

    def _known(self, sha256: bytes) -> int | None:
        found = self._connection.execute(OLD_CONTENT, (self._owner, sha256)).fetchone()
        return int(found[0]) if found else None

    def _describe(self, each: Packed, sha256: bytes, path: bytes | None, added: str) -> int:
        text = each.text
        given = map(written, (text.title, text.path, text.date, text.language, text.collection))
        values = (self._owner, *given, len(text.text), sha256, path, added, VERSION, len(each.hashes))
        return int(self._connection.execute(ADD, values).lastrowid or 0)
