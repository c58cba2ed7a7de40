"""Seeds: places where a fingerprint of the document stands in a source, those worth a closer look."""

from dataclasses import dataclass, fields

import numpy as np
from numpy.typing import NDArray

from neural_lab.audit.fingerprints import Fingerprints
from neural_lab.audit.postings import MOST_PLACES, Recalled
from neural_lab.types import Offsets

NEAR, BAND, NEIGHBOURS = 500, 160, 4
"""Seeds so many letters apart, on diagonals so many apart, may belong to one edited copy."""
_HALF = np.uint32(0xFFFF)

Mask = NDArray[np.bool_]


@dataclass(frozen=True)
class Seeds:
    """A row a seed: a source, and the letters at which it stands there and in the document."""

    sources: Offsets
    places: Offsets
    positions: Offsets

    def __len__(self) -> int:
        return len(self.sources)

    def where(self, kept: NDArray[np.generic]) -> "Seeds":
        return Seeds(*(getattr(self, field.name)[kept] for field in fields(self)))


def distinct(own: Fingerprints) -> tuple[NDArray[np.int64], Offsets, Offsets]:
    """The distinct hashes of a document in ascending order, and an order of its fingerprints by them.

    The third array says where each hash begins in that order, and where the last ends.
    """
    order = np.argsort(own.hashes, kind="stable")
    hashes, starts = np.unique(own.hashes[order], return_index=True)
    return hashes, order, np.append(starts, len(order))


def worthwhile(own: Fingerprints, recalled: Recalled) -> tuple[Seeds, frozenset[int]]:
    """Seeds that may lie in a shared run of `GUARANTEE` letters or in an edited copy, and crowded sources.

    A run that long agrees for `SIDE` letters more before or behind its seed. A source
    is crowded when one hash stands too often in it or in the document to pair all places.
    """
    _, order, starts = distinct(own)
    often = np.diff(starts)[recalled.asked] > MOST_PLACES
    crowded = recalled.crowded | frozenset(recalled.sources[often].tolist())
    rows, mine = _paired(recalled, order, starts, ~often)
    same = own.contexts[mine] ^ recalled.contexts[rows]
    seeds = Seeds(recalled.sources[rows], own.positions[mine], recalled.positions[rows])
    kept = ((same >> np.uint32(16)) == 0) | ((same & _HALF) == 0) | _in_company(seeds)
    return seeds.where(kept & ~np.isin(seeds.sources, list(crowded))), crowded


def _paired(recalled: Recalled, order: Offsets, starts: Offsets, kept: Mask) -> tuple[Offsets, Offsets]:
    """Each recalled row of `kept` with every fingerprint of the document that has its hash."""
    rows = np.flatnonzero(kept)
    asked = recalled.asked[rows]
    counts = starts[asked + 1] - starts[asked]
    first = np.repeat(starts[asked] - (np.cumsum(counts) - counts), counts)
    return np.repeat(rows, counts), order[first + np.arange(len(first))]


def _in_company(seeds: Seeds) -> Mask:
    """Which seeds have another one near them, in the document and by diagonal."""
    order = np.lexsort((seeds.places, seeds.sources))
    ordered, found = seeds.where(order), np.zeros(len(seeds), dtype=bool)
    diagonal = ordered.positions - ordered.places
    for step in range(1, min(NEIGHBOURS, len(seeds) - 1) + 1):
        near = ordered.sources[step:] == ordered.sources[:-step]
        near &= ordered.places[step:] - ordered.places[:-step] <= NEAR
        near &= np.abs(diagonal[step:] - diagonal[:-step]) <= BAND
        near &= ordered.places[step:] != ordered.places[:-step]
        found[order[step:][near]] = found[order[:-step][near]] = True
    return found
