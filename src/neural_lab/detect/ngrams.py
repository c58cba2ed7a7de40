"""Hashed word and character n-grams of a text, and a linear model over them."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from neural_lab.text.words import word_edges
from neural_lab.types import Floats

BITS = 18
BUCKETS = 1 << BITS
LETTERS, WORDS = (3, 4), (1, 2)
_BASE, _MIX = np.uint64(0x9E3779B97F4A7C15), np.uint64(0xBF58476D1CE4E5B9)

Hashes = NDArray[np.uint64]


@dataclass(frozen=True, eq=False)
class Ngrams:
    """Log-odds of machine writing: `bias` plus a `weight` a bucket `[BUCKETS]` times how often it occurs."""

    weight: NDArray[np.float32]
    bias: float

    def log_odds(self, text: str) -> float:
        """0 means even; unbounded. The weights are applied to the rows of `counted`."""
        bucket, value = counted(text)
        return float(self.weight[bucket].astype(np.float64) @ value + self.bias)


def counted(text: str) -> tuple[NDArray[np.int64], Floats]:
    """Buckets of the n-grams of `text` (case folded, spaces single), ascending, and ln(1 + count).

    Each kind of n-gram has unit Euclidean length, so that long texts weigh as
    short ones (Joachims 1998).
    """
    plain = " ".join(text.casefold().split())
    kinds = [*(_letters(plain, n) for n in LETTERS), *_words(plain)]
    rows = [_row(hashes, kind) for kind, hashes in enumerate(kinds)]
    bucket, value = (np.concatenate(column) for column in zip(*rows, strict=True))
    order = np.argsort(bucket, kind="stable")
    return bucket[order], value[order]


def _row(hashes: Hashes, kind: int) -> tuple[NDArray[np.int64], Floats]:
    mixed = (hashes ^ (hashes >> np.uint64(31)) ^ np.uint64(kind * 0x1234567)) * _MIX
    bucket, count = np.unique((mixed >> np.uint64(64 - BITS)).astype(np.int64), return_counts=True)
    value = np.log1p(count)
    return bucket, value / max(float(np.sqrt(value @ value)), 1e-12)


def _letters(text: str, n: int) -> Hashes:
    codes = _codes(text)
    if len(codes) < n:
        return np.zeros(0, dtype=np.uint64)
    total = np.zeros(len(codes) - n + 1, dtype=np.uint64)
    for at in range(n):
        total = total * _BASE + codes[at : len(codes) - n + 1 + at]
    return total


def _words(text: str) -> list[Hashes]:
    """One- and two-word hashes: a word is the polynomial of its letters, modulo 2^64."""
    single = _spans_hashed(text)
    return [single, single[:-1] * _MIX + single[1:] if len(single) > 1 else single[:0]]


def _spans_hashed(text: str) -> Hashes:
    spans = np.array(word_edges(text), dtype=np.int64).reshape(-1, 2)
    codes = _codes(text)
    total = np.zeros(len(spans), dtype=np.uint64)
    lengths = spans[:, 1] - spans[:, 0]
    for at in range(int(lengths.max(initial=0))):
        longer = lengths > at
        total[longer] = total[longer] * _BASE + codes[spans[longer, 0] + at]
    return total


def _codes(text: str) -> Hashes:
    encoded = text.encode("utf-32-le", "surrogatepass")
    return np.frombuffer(encoded, dtype="<u4").astype(np.uint64) + np.uint64(1)
