"""Texts that belong in one part of a split: near-copies, found by MinHash (Broder 1997), and stated groups.

A text is the set of its runs of five words. The Jaccard similarity of two such sets
is estimated by the share of 64 minima that they have in common; looked at are pairs
that agree in a band of 4 of them (Leskovec, Rajaraman and Ullman 2014, chapter 3).
"""

from collections.abc import Iterator, Sequence
from hashlib import blake2b

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from neural_lab.text.canonical import canonicalize
from neural_lab.text.words import WORD

GRAM, PERMUTATIONS, BAND, SIMILAR = 5, 64, 4, 0.5
CHUNK = 256
# Alike texts of which a thousand share a band are chained: nobody needs half a million pairs of them.
NEAREST = 32

Hashes = NDArray[np.uint64]
Places = NDArray[np.int64]


def groups(texts: Sequence[str], also: Sequence[str]) -> NDArray[np.int64]:
    """The number of each text's group, `[texts]`, from 0 without gaps; equal input gives equal numbers.

    One group are texts of which at least half of the runs of five words agree (case,
    typography and hidden characters aside), texts of under five words that have the same,
    those whose `also`, one a text, is equal and not "", and all that hang together so.
    """
    known = _Known()
    hashed = [known.words(text) for text, _ in zip(texts, also, strict=True)]
    long = np.array([at for at, words in enumerate(hashed) if len(words) >= GRAM], dtype=np.int64)
    both = zip(hashed, texts, strict=True)
    short = ["" if len(words) >= GRAM else words.tobytes() or text for words, text in both]
    copies = (long[pairs] for pairs in _near(_minima([hashed[at] for at in long])))
    one, other = np.concatenate((_equal(short), _equal(also), *copies)).T
    joined = coo_array((np.ones(len(one), dtype=bool), (one, other)), shape=(len(texts), len(texts)))
    return np.asarray(connected_components(joined, directed=False)[1], dtype=np.int64)


class _Known(dict[str, int]):
    """A hash of 64 bits for each word met, the same in every run."""

    def __missing__(self, word: str) -> int:
        value = int.from_bytes(blake2b(word.encode(), digest_size=8).digest(), "big")
        return self.setdefault(word, value)

    def words(self, text: str) -> Hashes:
        found = WORD.findall(canonicalize(text).text.casefold())
        return np.fromiter((self[word] for word in found), dtype=np.uint64, count=len(found))


def _equal(keys: Sequence[str | bytes]) -> Places:
    """Each text with the first of its key, `[pairs, 2]`; an empty key has no first."""
    first: dict[str | bytes, int] = {}
    found = [(first.setdefault(key, at), at) for at, key in enumerate(keys) if key]
    return np.array(found, dtype=np.int64).reshape(-1, 2)


def _minima(rows: Sequence[Hashes]) -> NDArray[np.uint32]:
    """`[rows, PERMUTATIONS]`: the least of the runs of each row under 64 orders of all runs."""
    minima = np.empty((len(rows), PERMUTATIONS), dtype=np.uint32)
    factors, terms = _mixed(np.arange(1, 2 * PERMUTATIONS + 1, dtype=np.uint64)).reshape(2, -1)
    for start in range(0, len(rows), CHUNK):
        runs = [_runs(row) for row in rows[start : start + CHUNK]]
        begins, together = np.cumsum([0, *map(len, runs[:-1])]), np.concatenate(runs)
        for order, (factor, term) in enumerate(zip(factors | 1, terms, strict=True)):
            least = np.minimum.reduceat(together * factor + term, begins)
            minima[start : start + CHUNK, order] = least >> np.uint64(32)
    return minima


def _runs(words: Hashes) -> Hashes:
    return _mixed(_folded(np.lib.stride_tricks.sliding_window_view(words, GRAM)))


def _near(minima: NDArray[np.uint32]) -> Iterator[Places]:
    """Pairs of rows that agree in a band and in half of the minima.

    The minima are cut to bands in two ways, so that of the pairs at a similarity of
    0.6 only one in a hundred is never looked at, and not one in ten.
    """
    bands = minima.reshape(-1, PERMUTATIONS // BAND, BAND)
    across = minima.reshape(-1, BAND, PERMUTATIONS // BAND).swapaxes(1, 2)
    for keys in np.concatenate((_folded(bands), _folded(across)), axis=1).T:
        for one, other in _neighbours(keys):
            alike = (minima[one] == minima[other]).mean(axis=1) >= SIMILAR
            yield np.stack((one[alike], other[alike]), axis=1)


def _neighbours(keys: Hashes) -> Iterator[tuple[Places, Places]]:
    """Rows with equal keys, paired with the `NEAREST` behind them."""
    order = np.argsort(keys, kind="stable")
    ordered = keys[order]
    for step in range(1, min(NEAREST, len(keys) - 1) + 1):
        equal = np.flatnonzero(ordered[step:] == ordered[:-step])
        if not len(equal):
            break
        yield order[equal], order[equal + step]


def _folded(parts: NDArray[np.uint64] | NDArray[np.uint32]) -> Hashes:
    """One hash for the values along the last axis, their order included."""
    folded = parts[..., 0].astype(np.uint64)
    for place in range(1, parts.shape[-1]):
        folded = folded * np.uint64(0x9E3779B97F4A7C15) + parts[..., place]
    return folded


def _mixed(values: Hashes) -> Hashes:
    """The finaliser of SplitMix64 (Steele, Lea and Flood 2014): every bit depends on every other."""
    values = (values ^ (values >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    values = (values ^ (values >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return values ^ (values >> np.uint64(31))
