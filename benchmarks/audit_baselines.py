"""What the audit is set against: three ways to search with trigrams, all in PostgreSQL, and copydetect.

`published` is the engine as its code stood: 40 pieces of 55 characters however long the
text is, and EXISTS. `described` is the article about it done well: a piece every 150
characters, and a join that can use the index. `cheapest` joins the 40 pieces.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import asyncpg

PIECE, STRIDE, MOST = 55, 150, 40
SETUP = """
CREATE EXTENSION IF NOT EXISTS pg_trgm;
DROP TABLE IF EXISTS baseline;
CREATE TABLE baseline (id integer PRIMARY KEY, body text NOT NULL);
"""
INDEX = "CREATE INDEX baseline_trigrams ON baseline USING gin (body gin_trgm_ops); ANALYZE baseline;"
EXISTS = """
SELECT DISTINCT id FROM baseline
WHERE EXISTS (SELECT 1 FROM unnest($1::text[]) AS piece WHERE body ILIKE '%' || piece || '%')
"""
JOIN = "SELECT DISTINCT b.id FROM unnest($1::text[]) AS piece JOIN baseline b ON b.body ILIKE piece"


class Baselines:
    """The three searches over one table of texts; each answers with the numbers of texts, from 0."""

    def __init__(self, url: str) -> None:
        self._loop = asyncio.new_event_loop()
        self._connection = self._done(asyncpg.connect(url))
        self._done(self._connection.execute("SET jit = off"))

    def build(self, texts: Iterable[str]) -> None:
        self._done(self._connection.execute(SETUP))
        rows = ((number, text.replace("\0", "")) for number, text in enumerate(texts))
        self._done(self._connection.copy_records_to_table("baseline", records=rows))
        self._done(self._connection.execute(INDEX))

    def published(self, text: str) -> set[int]:
        return self._ask(EXISTS, _evenly(text))

    def described(self, text: str) -> set[int]:
        return self._ask(JOIN, [f"%{_escaped(piece)}%" for piece in _pieces(text, STRIDE)])

    def cheapest(self, text: str) -> set[int]:
        return self._ask(JOIN, [f"%{_escaped(piece)}%" for piece in _evenly(text)])

    def index_bytes(self) -> int:
        return int(self._done(self._connection.fetchval("SELECT pg_relation_size('baseline_trigrams')")))

    def close(self) -> None:
        self._done(self._connection.close())
        self._loop.close()

    def _ask(self, query: str, pieces: list[str]) -> set[int]:
        return {row[0] for row in self._done(self._connection.fetch(query, pieces))}

    def _done(self, task: Any) -> Any:
        return self._loop.run_until_complete(task)


def _pieces(text: str, stride: int) -> list[str]:
    return [text[at : at + PIECE] for at in range(0, max(len(text) - PIECE, 0) + 1, stride)]


def _evenly(text: str) -> list[str]:
    return _pieces(text, max((len(text) - PIECE) // (MOST - 1), 1))[:MOST]


def _escaped(piece: str) -> str:
    return re.sub(r"([\\%_])", r"\\\1", piece)


def copydetect(folder: Path) -> Callable[[str], set[int]] | None:
    """A search over the texts `N.txt` of a folder, or None where the package is not installed."""
    try:
        from copydetect import CodeFingerprint, compare_files
    except ImportError:
        return None
    known = [CodeFingerprint(str(path), 25, 31, filter=False) for path in sorted(folder.glob("*.txt"))]

    def search(text: str) -> set[int]:
        query = folder / "query.text"
        query.write_text(text, "utf-8")
        own = CodeFingerprint(str(query), 25, 31, filter=False)
        return {int(Path(each.filename).stem) for each in known if compare_files(own, each)[0] > 0}

    return search
