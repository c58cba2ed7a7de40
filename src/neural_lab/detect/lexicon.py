"""Lexicon: which words English writers use, and how often.

One sorted array of 64-bit entries: the upper 56 bits are a hash of the word,
the lower 8 its frequency. With 300,000 words a word outside collides with an
entry, and passes as known, once in 2e11 look-ups.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from hashlib import blake2b

import numpy as np
from numpy.typing import NDArray

from neural_lab.types import Floats

Entries = NDArray[np.uint64]

STEPS_PER_DECADE = 30.0
_HASH_BITS = np.uint64(0xFFFF_FFFF_FFFF_FF00)
_LETTERS = "abcdefghijklmnopqrstuvwxyz'"
_LONGEST = 30


@dataclass(frozen=True, slots=True)
class Correction:
    """A known word one edit away and its frequency on the Zipf scale."""

    word: str
    frequency: float


@dataclass(frozen=True, eq=False)
class Lexicon:
    """Known words by hash. Frequencies are on the Zipf scale: log10 of occurrences per billion words."""

    entries: Entries

    def frequency(self, words: Iterable[str]) -> Floats:
        """Zipf frequency of each of `words`, 0.0 where a word is unknown; possessives count as their noun."""
        return self._look_up(keys(map(normalised, words)))

    def known(self, word: str) -> bool:
        return bool(self.frequency([word])[0] > 0.0)

    def corrections(self, word: str) -> list[Correction]:
        """Known words one edit (Damerau) from an unknown `word`, most frequent first."""
        if len(word) > _LONGEST or self.known(word):
            return []
        candidates = sorted(set(edits(normalised(word))))
        found = zip(candidates, self._look_up(keys(candidates)).tolist(), strict=True)
        return sorted(
            (Correction(*pair) for pair in found if pair[1] > 0.0), key=lambda each: -each.frequency
        )

    def _look_up(self, hashes: Entries) -> Floats:
        if not len(self.entries):
            return np.zeros(len(hashes))
        at = np.searchsorted(self.entries, hashes).clip(max=len(self.entries) - 1)
        found = self.entries[at]
        known = (found & _HASH_BITS) == hashes
        return np.where(known, (found & ~_HASH_BITS) / STEPS_PER_DECADE, 0.0)


def pack(zipf: dict[str, float]) -> Entries:
    """Entries of normalised words and their Zipf frequencies, which are kept to a thirtieth of a decade."""
    steps = np.rint(np.fromiter(zipf.values(), dtype=np.float64) * STEPS_PER_DECADE).clip(1, 255)
    return np.sort(keys(zipf) | steps.astype(np.uint64))


def normalised(word: str) -> str:
    return word.casefold().replace("\u2019", "'").removesuffix("'s")


def keys(words: Iterable[str]) -> Entries:
    """The upper 56 bits of blake2b of each word: the same on every machine, in every run."""
    digests = [blake2b(word.encode("utf-8", "surrogatepass"), digest_size=8).digest() for word in words]
    return np.frombuffer(b"".join(digests), dtype=">u8").astype(np.uint64) & _HASH_BITS


def edits(word: str) -> Iterator[str]:
    """Every string one deletion, transposition, substitution or insertion away from `word`."""
    for at in range(len(word) + 1):
        before, after = word[:at], word[at:]
        yield from (before + letter + after for letter in _LETTERS)
        if after:
            yield before + after[1:]
            yield from (before + letter + after[1:] for letter in _LETTERS if letter != after[0])
        if len(after) > 1 and after[0] != after[1]:
            yield before + after[1] + after[0] + after[2:]
