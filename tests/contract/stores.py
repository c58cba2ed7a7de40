"""The stores that have to give the same answers, each opened empty; another is one more line in `STORES`."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

import numpy as np
import postgres_server

from neural_lab.audit.fingerprints import Hashes, fingerprint
from neural_lab.audit.letters import letters
from neural_lab.audit.postings import Row
from neural_lab.backends.memory_store import MemoryStore
from neural_lab.backends.sqlite.store import SqliteStore
from neural_lab.ports import Library, Store

NOW = "2026-02-03T04:05:06Z"


@contextmanager
def memory(folder: Path) -> Iterator[Store]:
    store = MemoryStore(lambda: NOW)
    yield store
    store.close()


@contextmanager
def sqlite(folder: Path) -> Iterator[Store]:
    store = SqliteStore(folder / "new" / "store.db", lambda: NOW)
    yield store
    store.close()


@contextmanager
def postgres(folder: Path) -> Iterator[Store]:
    """Skipped where there is no server, and none can be started."""
    with postgres_server.database() as url:
        from neural_lab.backends.postgres.store import PostgresStore

        store = PostgresStore(url, lambda: NOW)
        yield store
        store.close()


STORES: dict[str, Callable[[Path], AbstractContextManager[Store]]] = {
    "memory": memory,
    "sqlite": sqlite,
    "postgres": postgres,
}
"""By name; the folder is empty and for one store alone. Sources are added at `NOW`."""


def hashes(*texts: str) -> Hashes:
    """The distinct hashes of texts."""
    found = [fingerprint(letters(text).codes).hashes for text in texts]
    return np.unique(np.concatenate([np.empty(0, np.int64), *found]))


def answers(library: Library, texts: Sequence[str], words: Sequence[str]) -> list[object]:
    """What a library says of its sources, with numbers in the order in which they were added.

    Stores may leave out different numbers, so that only their order can be compared.
    """
    sources = library.sources()
    order = {source.id: place for place, source in enumerate(sources)}
    described = [(*(getattr(each, name) for name in each.__slots__ if name != "id"),) for each in sources]
    kept = [(order[number], text) for number, text in sorted(library.texts([*order]).items())]
    found = [[order[source.id] for source in library.search(each)] for each in words]
    return [described, kept, found, library.stats(), in_order(library.recall(hashes(*texts)), order)]


def in_order(rows: Sequence[Row], order: dict[int, int]) -> list[Row]:
    return [(asked, order[source], seeds) for asked, source, seeds in rows]
