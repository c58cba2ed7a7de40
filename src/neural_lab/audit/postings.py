"""How fingerprints are stored and recalled: one row for a hash in a source, with its seeds packed.

A seed is where a hash stands: its position and its context, four bytes each, little
endian. A source that has a hash at more than `MOST_PLACES` gets a row without seeds:
whoever recalls it reads the source itself.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from neural_lab.audit.fingerprints import WINDOW, Fingerprints, Hashes
from neural_lab.types import Offsets

MOST_SOURCES = 64
"""Hashes in more sources are common text."""
MOST_PLACES, ENDS = 64, WINDOW
SEED = np.dtype([("position", "<u4"), ("context", "<u4")])

Row = tuple[int, int, bytes]
"""Which of the hashes asked for, the number of a source, and the packed seeds.

Of a hash in too many sources there are a few rows only, as `sampled` chooses them, and the
numbers of their sources are negative.
"""


def pack(found: Fingerprints) -> tuple[list[int], list[bytes]]:
    """The distinct hashes of a source in ascending order, and the packed seeds of each.

    Where a hash is repeated again and again within a window, as in a text of one letter
    alone, only the first and last `ENDS` of them are listed. Those between are as good: a
    run that begins or ends beside such a stretch has its fingerprint within a window of there.
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
class Seeded:
    """A row a seed: which of the hashes asked for, a source, and the place and context there."""

    asked: Offsets
    sources: Offsets
    positions: Offsets
    contexts: NDArray[np.uint32]

    def __len__(self) -> int:
        return len(self.asked)


@dataclass(frozen=True)
class Recalled:
    """What a library knows of the hashes asked for.

    `seeds` are of hashes in few sources. `common` are the hashes in too many to say where
    they are from, and `samples` seeds of theirs in some of those sources. `crowded` are
    sources with too many places of some hash to list.
    """

    seeds: Seeded
    common: Offsets
    samples: Seeded
    crowded: frozenset[int]


def sampled(rows: Sequence[Row], most: int = MOST_SOURCES) -> list[Row]:
    """The rows of one hash, in order; of more than `most` some that are far apart, as samples."""
    if len(rows) <= most:
        return list(rows)
    chosen = (rows[at] for at in sorted({0, most // 2, most}))
    return sorted((number, -source, seeds) for number, source, seeds in chosen)


def unpack(rows: Iterable[Row]) -> Recalled:
    """Columns from the rows of a library."""
    listed = list(rows)
    asked = np.array([row[0] for row in listed], dtype=np.int64)
    numbers = np.array([row[1] for row in listed], dtype=np.int64)
    packed = [row[2] for row in listed]
    counts = np.array([len(seeds) for seeds in packed], dtype=np.int64) // SEED.itemsize
    rare, sources = numbers > 0, np.abs(numbers)
    crowded = frozenset(sources[rare & (counts == 0)].tolist())
    chosen = (np.flatnonzero(mask) for mask in (rare, ~rare))
    seeds = (_seeded(asked, sources, counts, packed, each) for each in chosen)
    return Recalled(next(seeds), np.unique(asked[~rare]), next(seeds), crowded)


def _seeded(
    asked: Offsets, sources: Offsets, counts: Offsets, packed: Sequence[bytes], chosen: Offsets
) -> Seeded:
    """The seeds of the chosen rows, one behind another."""
    seeds = np.frombuffer(b"".join([packed[row] for row in chosen.tolist()]), dtype=SEED)
    which = np.repeat(chosen, counts[chosen])
    return Seeded(asked[which], sources[which], seeds["position"].astype(np.int64), seeds["context"].copy())


def batches(hashes: Hashes, most: int) -> Iterator[tuple[int, Hashes]]:
    """Runs of at most `most` of `hashes`, each with the number of its first."""
    return ((start, hashes[start : start + most]) for start in range(0, len(hashes), most))
