"""How fingerprints are stored and recalled: one row for a hash in a source, with its seeds packed.

A seed is where a hash stands: its position and its context, four bytes each, little
endian. A source that has a hash at more than `MOST_PLACES` gets a row without seeds:
whoever recalls it reads the source itself.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from neural_lab.audit.fingerprints import WINDOW, Fingerprints, Hashes
from neural_lab.types import Offsets

MOST_SOURCES = 64
"""Hashes in more sources are common text."""
MOST_PLACES, ENDS = 16, 4
SEED = np.dtype([("position", "<u4"), ("context", "<u4")])

Row = tuple[int, int, bytes]
"""Which of the hashes asked for, the number of a source, and the packed seeds."""


def pack(found: Fingerprints) -> tuple[list[int], list[bytes]]:
    """The distinct hashes of a source in ascending order, and the packed seeds of each.

    Where a hash is repeated again and again within a window, as in a text of one letter
    alone, only the first and last `ENDS` of them are listed: all others are as good.
    """
    found = found.where(_ends_of_chains(found))
    order = np.argsort(found.hashes, kind="stable")
    seeds = np.empty(len(order), dtype=SEED)
    seeds["position"], seeds["context"] = found.positions[order], found.contexts[order]
    hashes, starts = np.unique(found.hashes[order], return_index=True)
    ends, packed = np.append(starts, len(order))[1:], seeds.tobytes()
    width = SEED.itemsize
    places = zip(starts.tolist(), ends.tolist(), strict=True)
    return hashes.tolist(), [
        packed[a * width : b * width] if b - a <= MOST_PLACES else b"" for a, b in places
    ]


def _ends_of_chains(found: Fingerprints) -> NDArray[np.bool_]:
    """All but the middle of chains of equal hashes no further apart than a window."""
    linked = (found.hashes[1:] == found.hashes[:-1]) & (np.diff(found.positions) <= WINDOW)
    chain = np.cumsum(np.concatenate(([False], ~linked))[: len(found)])
    first, behind = (np.searchsorted(chain, chain, side=side) for side in ("left", "right"))
    at = np.arange(len(chain))
    return (at - first < ENDS) | (behind - 1 - at < ENDS)


@dataclass(frozen=True)
class Recalled:
    """What a library knows of the fingerprints asked for.

    Columns of equal length, a row a seed: `asked` counts the fingerprints asked for.
    `common` are those of them in more than `MOST_SOURCES` sources, which have no
    seeds; `crowded` are sources with too many places of some hash to list.
    """

    asked: Offsets
    sources: Offsets
    positions: Offsets
    contexts: NDArray[np.uint32]
    common: Offsets
    crowded: frozenset[int]


def unpack(rows: Iterable[Row]) -> Recalled:
    """Columns from the rows of a library, of which each hash has at most `MOST_SOURCES + 1`."""
    listed = list(rows)
    asked = np.array([row[0] for row in listed], dtype=np.int64)
    sources = np.array([row[1] for row in listed], dtype=np.int64)
    counts = np.array([len(row[2]) for row in listed], dtype=np.int64) // SEED.itemsize
    hashes, each = np.unique(asked, return_counts=True)
    common = hashes[each > MOST_SOURCES]
    kept = ~np.isin(asked, common)
    seeds = np.frombuffer(b"".join(row[2] for row in listed), dtype=SEED)[np.repeat(kept, counts)]
    which = np.repeat(np.flatnonzero(kept), counts[kept])
    crowded = frozenset(sources[kept & (counts == 0)].tolist())
    positions, contexts = seeds["position"].astype(np.int64), seeds["context"].copy()
    return Recalled(asked[which], sources[which], positions, contexts, common, crowded)


def batches(hashes: Hashes, most: int) -> Iterator[tuple[int, Hashes]]:
    """Runs of at most `most` of `hashes`, each with the number of its first."""
    return ((start, hashes[start : start + most]) for start in range(0, len(hashes), most))
