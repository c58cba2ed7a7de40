"""Seeds: places where a fingerprint of the document stands in a source, those worth a closer look."""

from collections.abc import Sequence
from dataclasses import dataclass, fields

import numpy as np
from numpy.typing import NDArray

from neural_lab.audit.fingerprints import GRAM, NEAR, Fingerprints
from neural_lab.audit.postings import Recalled, Seeded
from neural_lab.types import Offsets, Span

REGION, BAND, NEIGHBOURS = 500, 160, 4
"""Seeds so many letters apart, on diagonals so many apart, may belong to one edited copy."""
MOST_PAIRS = 64
"""Pairs of places of one hash in one source; more of them cost more than to look for long runs."""
OWN = NEAR + 1
"""Fewer letters beside a common passage are the same in one more source by chance."""
_BYTE = np.uint32(0xFF)

Mask = NDArray[np.bool_]


@dataclass(frozen=True)
class Seeds:
    """A row a seed: a source, and the letters at which it stands in the document and there.

    `before` and `behind` say whether the `SIDE` letters on that side agree, too, and
    `just_before` and `just_behind` the `NEAR` ones.
    """

    sources: Offsets
    places: Offsets
    positions: Offsets
    before: Mask
    just_before: Mask
    behind: Mask
    just_behind: Mask

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
    is crowded when one hash stands so often in it and in the document that not all
    places were paired; its other seeds are here nevertheless.
    """
    _, order, starts = distinct(own)
    found = recalled.seeds
    often = _often(found, np.diff(starts))
    crowded = recalled.crowded | frozenset(found.sources[often].tolist())
    seeds = _seeds(own, found, *_paired(found, order, starts, ~often))
    return seeds.where(seeds.before | seeds.behind | _in_company(seeds)), crowded


def every(own: Fingerprints, sampled: Seeded) -> Seeds:
    """All pairs of `sampled` places with those of the document, but for what stands there too often."""
    _, order, starts = distinct(own)
    return _seeds(own, sampled, *_paired(sampled, order, starts, ~_often(sampled, np.diff(starts))))


def beyond(seeds: Seeds, stretches: Sequence[Span]) -> Seeds:
    """Seeds without those whose runs can hold only a few letters more than a stretch of common text.

    Such a seed reaches out of the stretch for fewer than `OWN` letters and does not
    agree with its source further out, or it lies inside the stretch altogether.
    """
    if not stretches:
        return seeds
    starts, ends = np.array(stretches, dtype=np.int64).T
    which = np.maximum(np.searchsorted(starts, seeds.places + GRAM) - 1, 0)
    left, right = starts[which] - seeds.places, seeds.places + GRAM - ends[which]
    apart = (left >= GRAM) | (right >= GRAM)
    before = (left >= OWN) | ((left > 0) & seeds.just_before)
    behind = (right >= OWN) | ((right > 0) & seeds.just_behind)
    return seeds.where(apart | before | behind)


def _seeds(own: Fingerprints, found: Seeded, rows: Offsets, mine: Offsets) -> Seeds:
    differing = own.contexts[mine] ^ found.contexts[rows]
    same = ((differing >> np.uint32(shift)) & _BYTE == 0 for shift in (24, 16, 8, 0))
    return Seeds(found.sources[rows], own.positions[mine], found.positions[rows], *same)


def _often(found: Seeded, counts: Offsets) -> Mask:
    """Seeds of a hash that would make over `MOST_PAIRS` pairs in one source."""
    group = np.flatnonzero(np.diff(found.asked, prepend=-1) | np.diff(found.sources, prepend=-1))
    lengths = np.diff(np.append(group, len(found)))
    return np.asarray(np.repeat(lengths, lengths) * counts[found.asked] > MOST_PAIRS)


def _paired(found: Seeded, order: Offsets, starts: Offsets, kept: Mask) -> tuple[Offsets, Offsets]:
    """Each seed of `kept` with every fingerprint of the document that has its hash."""
    rows = np.flatnonzero(kept)
    asked = found.asked[rows]
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
        near &= ordered.places[step:] - ordered.places[:-step] <= REGION
        near &= np.abs(diagonal[step:] - diagonal[:-step]) <= BAND
        near &= ordered.places[step:] != ordered.places[:-step]
        found[order[step:][near]] = found[order[:-step][near]] = True
    return found
