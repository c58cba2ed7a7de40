"""Fingerprints: hashes of runs of 20 letters, thinned by winnowing (Schleimer, Wilkerson and Aiken 2003).

Of any 21 neighbouring hashes one is kept, chosen by their values alone. Two texts that
share a run of 40 letters share 21 neighbouring hashes and so keep the same one of them:
every shared run of at least `GUARANTEE` letters shares a fingerprint.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from neural_lab.audit.letters import Codes
from neural_lab.types import Offsets

GRAM, WINDOW = 20, 21
GUARANTEE = GRAM + WINDOW - 1
SIDE = (GUARANTEE - GRAM) // 2
"""A shared run of `GUARANTEE` letters goes on for so many on at least one side of its fingerprint."""
PIECE = 1 << 15
NEAR = SIDE // 2
_BASE = np.uint64(0x9E3779B97F4A7C15)
_LOW = np.uint64(0xFFFFFFFF)

Hashes = NDArray[np.int64]
Rolled = NDArray[np.uint64]


@dataclass(frozen=True)
class Fingerprints:
    """What is kept of a text, in its order; equal lengths.

    `hashes` are of `GRAM` letters from `positions` (counted in letters). The four bytes of
    `contexts`, from the highest, are of the `SIDE` letters before and the `NEAR` ones
    before, the `SIDE` letters behind and the `NEAR` ones behind.
    """

    hashes: Hashes
    positions: Offsets
    contexts: NDArray[np.uint32]

    def __len__(self) -> int:
        return len(self.hashes)

    def where(self, kept: NDArray[np.generic]) -> "Fingerprints":
        return Fingerprints(self.hashes[kept], self.positions[kept], self.contexts[kept])


def fingerprint(codes: Codes) -> Fingerprints:
    """The fingerprints of letters; none when there are fewer than `GRAM`."""
    windows = max(len(codes) - GUARANTEE + 1, min(1, max(len(codes) - GRAM + 1, 0)))
    parts = [_piece(codes, start, min(start + PIECE, windows)) for start in range(0, windows, PIECE)]
    if not parts:
        return Fingerprints(np.empty(0, np.int64), np.empty(0, np.int64), np.empty(0, np.uint32))
    hashes, places, contexts = (np.concatenate(columns) for columns in zip(*parts, strict=True))
    kept = np.flatnonzero(np.diff(places, prepend=-1))
    return Fingerprints(hashes[kept].view(np.int64), places[kept], contexts[kept])


def long_grams(codes: Codes) -> Rolled:
    """A hash of the `GUARANTEE` letters from each place on that has so many."""
    if len(codes) < GUARANTEE:
        return np.empty(0, np.uint64)
    powers = _doubled(codes)
    return _mixed(_joined(_joined(powers[16], powers[16], 16), powers[8], 32))


def _piece(codes: Codes, start: int, end: int) -> tuple[Rolled, Offsets, NDArray[np.uint32]]:
    """Hashes, places and contexts kept of the windows `[start, end)`; in pieces, since caches are small."""
    low, high = max(start - SIDE, 0), end + GUARANTEE - 1 + SIDE
    powers = _doubled(codes[low:high])
    grams = _joined(powers[16], powers[4], 16)
    mine = _mixed(grams[start - low : end + WINDOW - 1 - low])
    kept = _winnowed(mine)
    return mine[kept], kept + start, _contexts(powers, kept + start - low, min(high, len(codes)) - low)


def _doubled(codes: Codes) -> dict[int, Rolled]:
    """Polynomial hashes modulo 2^64 of runs of 1, 2, 4, 8 and 16 letters, each from two of half that."""
    rolled, length = codes.astype(np.uint64) + np.uint64(1), 1
    found = {1: rolled}
    while length < 16:
        rolled, length = _joined(rolled, rolled, length), 2 * length
        found[length] = rolled
    return found


def _joined(first: Rolled, second: Rolled, length: int) -> Rolled:
    """Hashes of runs of `length` letters that are followed by those of `second`."""
    rest = second[length:]
    power = pow(int(_BASE), length, 1 << 64)
    return first[: len(rest)] * np.uint64(power) + rest


def _mixed(values: Rolled) -> Rolled:
    """The finaliser of SplitMix64 (Steele, Lea and Flood 2014): every bit depends on every other."""
    values = (values ^ (values >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    values = (values ^ (values >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return values ^ (values >> np.uint64(31))


def _winnowed(grams: Rolled) -> Offsets:
    """Places of the least hash of every window of `WINDOW`, the rightmost of equal ones."""
    places = np.arange(len(grams), dtype=np.uint64)
    least = (grams & ~_LOW) | (_LOW - places)
    span, window = 1, min(WINDOW, len(grams))
    while 2 * span <= window:
        least, span = np.minimum(least[:-span], least[span:]), 2 * span
    rest = window - span
    least = np.minimum(least[: len(least) - rest], least[rest:])
    chosen = (_LOW - (least & _LOW)).astype(np.int64)
    return chosen[np.flatnonzero(np.diff(chosen, prepend=-1))]


def _contexts(powers: dict[int, Rolled], places: Offsets, length: int) -> NDArray[np.uint32]:
    """Eight bits each of the letters beside every gram, far and near; 0 where there are not so many."""
    far = _mixed(_joined(powers[8], powers[2], 8)) >> np.uint64(56)
    near = _mixed(_joined(powers[4], powers[1], 4)) >> np.uint64(56)
    behind = places + GRAM
    parts = (
        _beside(far, places - SIDE, SIDE, length),
        _beside(near, places - NEAR, NEAR, length),
        _beside(far, behind, SIDE, length),
        _beside(near, behind, NEAR, length),
    )
    found = np.zeros(len(places), dtype=np.uint32)
    for part in parts:
        found = found << np.uint32(8) | part
    return found


def _beside(sides: Rolled, places: Offsets, count: int, length: int) -> NDArray[np.uint32]:
    inside = (places >= 0) & (places + count <= length)
    return np.where(inside, sides[np.clip(places, 0, len(sides) - 1)], np.uint64(0)).astype(np.uint32)
