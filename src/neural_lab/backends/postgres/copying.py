"""Fingerprints as PostgreSQL's binary COPY wants them, a whole transaction's at once."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from itertools import chain

import numpy as np
from numpy.typing import NDArray

from neural_lab.backends.postgres.arrivals import Postings

HEAD = b"PGCOPY\n\xff\r\n\0" + bytes(8)
TAIL = b"\xff\xff"
CHUNK = 1 << 18
KINDS = (("owner", ">i4"), ("part", ">i4"), ("hash", ">i8"), ("source", ">i4"))

Columns = tuple[int, int, NDArray[np.int64], NDArray[np.int64]]


async def copied(owner: int, part: int, found: Mapping[int, Postings]) -> AsyncIterator[bytes]:
    """Rows for the sources of some numbers, ordered by hash: neighbours go to the same page of the index."""
    yield HEAD
    # Elsewhere, since everybody's statements wait for the thread of the loop.
    for rows in await asyncio.to_thread(_rows, owner, part, found):
        for start in range(0, len(rows), CHUNK):
            yield rows[start : start + CHUNK]
    yield TAIL


def _rows(owner: int, part: int, found: Mapping[int, Postings]) -> list[bytes]:
    """Rows in groups whose seeds have one length, so that numpy can write each group as a table."""
    hashes = np.array([*chain.from_iterable(hashes for hashes, _ in found.values())], dtype=np.int64)
    sources = np.repeat([*found], [len(hashes) for hashes, _ in found.values()])
    seeds = [*chain.from_iterable(seeds for _, seeds in found.values())]
    lengths = np.fromiter(map(len, seeds), dtype=np.int64, count=len(seeds))
    starts, packed = np.cumsum(lengths) - lengths, np.frombuffer(b"".join(seeds), dtype=np.uint8)
    order = np.argsort(hashes)
    tables = []
    for length in np.unique(lengths).tolist():
        rows = order[lengths[order] == length]
        places = starts[rows, None] + np.arange(length)
        tables.append(_table((owner, part, hashes[rows], sources[rows]), packed[places]))
    return tables


def _table(numbers: Columns, seeds: NDArray[np.uint8]) -> bytes:
    """A row has the number of its columns, and each column its length before it; all big endian."""
    layout: list[tuple[str, str, tuple[int, ...]]] = [("columns", ">i2", ())]
    for name, kind in KINDS:
        layout += [(f"{name}_bytes", ">i4", ()), (name, kind, ())]
    layout += [("seeds_bytes", ">i4", ()), ("seeds", "u1", seeds.shape[1:])]
    table = np.empty(len(seeds), dtype=layout)
    table["columns"], table["seeds_bytes"], table["seeds"] = len(KINDS) + 1, seeds.shape[1], seeds
    for (name, kind), values in zip(KINDS, numbers, strict=True):
        table[f"{name}_bytes"], table[name] = np.dtype(kind).itemsize, values
    return table.tobytes()
