"""Where the texts of one owner came from, inside a transaction; paths are known by their digests."""

import sqlite3

from neural_lab.backends.sqlite.values import listed

AT = "select source from origin where owner = ? and path_sha256 = ? and path_sha256 <> x''"
ALONE = """
select source from origin as asked where owner = :owner and path_sha256 = :path and path_sha256 <> x''
and not exists (
    select 1 from origin as other where other.source = asked.source and other.path_sha256 not in (:path, x'')
)
"""
JOIN = """
insert into origin (source, path_sha256, owner) values (?, ?, ?) on conflict (source, path_sha256) do nothing
"""
LEAVE = "delete from origin where source = ? and path_sha256 = ?"
# Another of its paths cannot take the place: a row that grows may move, and leave a copy of its words behind.
UNNAME = "update source set path = x'', path_sha256 = null where id = ? and path_sha256 = ?"
LEFT = "select 1 from origin where source = ? limit 1"
DROP = "delete from origin where source in (select value from json_each(?))"


class Origins:
    def __init__(self, connection: sqlite3.Connection, owner: int) -> None:
        self._connection, self._owner = connection, owner

    def join(self, source: int, path: bytes | None) -> None:
        """Remember that the text of a source came from a path, or without one."""
        self._connection.execute(JOIN, (source, path or b"", self._owner))

    def leave(self, path: bytes | None, known: int | None) -> int | None:
        """Take a path from a source other than `known`; its number if it came from nowhere else."""
        found = self._connection.execute(AT, (self._owner, path)).fetchone()
        if found is None or found[0] == known:
            return None
        source = int(found[0])
        self._connection.execute(LEAVE, (source, path))
        if self._connection.execute(LEFT, (source,)).fetchone() is None:
            return source
        self._connection.execute(UNNAME, (source, path))
        return None

    def drop(self, sources: list[int]) -> None:
        self._connection.execute(DROP, (listed(sources),))
