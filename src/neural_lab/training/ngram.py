"""An interpolated modified Kneser-Ney n-gram model: what a neural language model has to beat.

With h the k-1 tokens before w, and h' the same without its first token
(Chen and Goodman, "An empirical study of smoothing techniques for language
modeling", Harvard TR-10-98, 1998, section 4.1.6):

    p(w | h) = (c(hw) - D(c(hw))) / sum_v c(hv)  +  b(h) p(w | h')
    b(h)     = sum_v D(c(hv)) / sum_v c(hv)
    D(c)     = 0, D1, D2, D3  for  c = 0, 1, 2 and 3 or more
    D1 = 1 - 2 Y n2/n1,  D2 = 2 - 3 Y n3/n2,  D3 = 3 - 4 Y n4/n3,  Y = n1 / (n1 + 2 n2)

where n_j is how many n-grams of this length have c = j. c counts occurrences at
the highest order, and below it the different tokens seen before the n-gram
(Kneser and Ney, 1995); an n-gram that nothing precedes, such as the opening of a
text, keeps its occurrences. Below one token lies the uniform distribution; where
h was never followed by anything, p(w | h) = p(w | h').
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from neural_lab.types import Floats

Tokens = NDArray[np.integer]
Ids = NDArray[np.int64]
Counts = NDArray[np.int32]

UNSEEN = -1
FALLBACK_DISCOUNTS = (0.0, 0.5, 1.0, 1.5)
"""Where the counts of counts give none: those of KenLM's `--discount_fallback` (Heafield et al., 2013)."""


class Counted(NamedTuple):
    """Different n-grams of one length. An n-gram's id is its place in `keys`, which ascend.

    A key is the id of the n-gram without its last token, times the vocabulary's
    size, plus that token. `suffixes` are the ids without the first token.
    """

    keys: Ids
    occurrences: Counts
    suffixes: Counts


@dataclass(frozen=True)
class Level:
    """One order of the model: a column a known n-gram, and a column a known context."""

    keys: Ids
    counts: Counts
    discounts: Floats
    totals: NDArray[np.float32]
    backoffs: NDArray[np.float32]

    def find(self, keys: Ids) -> Ids:
        """Ids of n-grams by key, `UNSEEN` where there is none."""
        at = np.minimum(np.searchsorted(self.keys, keys), len(self.keys) - 1)
        return np.where(self.keys[at] == keys, at, UNSEEN)

    def interpolate(self, contexts: Ids, ids: Ids, lower: Floats) -> Floats:
        """Probability of each n-gram's last token, from what the order below (`lower`) made of it."""
        counts = np.where(ids == UNSEEN, 0, self.counts[ids])
        kept = counts - self.discounts[np.minimum(counts, 3)]
        higher = kept / self.totals[contexts] + self.backoffs[contexts] * lower
        return np.where(contexts == UNSEEN, lower, higher)


@dataclass(frozen=True)
class NGramModel:
    """`levels[k - 1]` predicts a token from the k-1 before it; `beginning` opens texts, unpredicted."""

    levels: tuple[Level, ...]
    vocabulary: int
    beginning: int

    @classmethod
    def fit(cls, rows: Sequence[Tokens], vocabulary: int, order: int, beginning: int = 0) -> NGramModel:
        """Count `rows`; n-grams reach neither across rows nor back past a `beginning`."""
        counted = list(_count(rows, vocabulary, order, beginning))
        suffixes = [*(grams.suffixes for grams in counted[1:]), np.empty(0, np.int32)]
        contexts = [1, *(len(grams.keys) for grams in counted)]
        counts = (_adjusted(*pair, vocabulary, beginning) for pair in zip(counted, suffixes, strict=True))
        levels = (_level(*parts, vocabulary) for parts in zip(counted, counts, contexts, strict=False))
        return cls(tuple(levels), vocabulary, beginning)

    def logprobs(self, tokens: Tokens) -> Floats:
        """Nats of every token of texts one behind the other; 0 where a text begins."""
        opens = tokens == self.beginning
        depth, ids = _depth(opens), np.zeros(len(tokens), dtype=np.int64)
        p = np.full(len(tokens), 1.0 / (self.vocabulary - 1))
        for order, level in enumerate(self.levels, 1):
            ends = np.flatnonzero(depth >= order)
            contexts = ids[ends - 1]
            keys = contexts * self.vocabulary + tokens[ends]
            found = level.find(np.where(contexts == UNSEEN, UNSEEN, keys))
            p[ends] = level.interpolate(contexts, found, p[ends])
            ids = np.full(len(tokens), UNSEEN, dtype=np.int64)
            ids[ends] = found
        return np.where(opens, 0.0, np.log(p))


def discounts(counts: Counts) -> Floats:
    """D(0), D(1), D(2) and D(3 or more) of n-grams with these counts."""
    n = np.bincount(np.minimum(counts, 5), minlength=6).astype(np.float64)
    if not n[1:5].all():
        return np.array(FALLBACK_DISCOUNTS)
    j, y = np.arange(1, 4), n[1] / (n[1] + 2 * n[2])
    estimates = j - (j + 1) * y * n[2:5] / n[1:4]
    return np.array((0.0, *estimates) if (estimates > 0).all() else FALLBACK_DISCOUNTS)


def _count(rows: Sequence[Tokens], vocabulary: int, order: int, beginning: int) -> Iterator[Counted]:
    tokens = np.concatenate(rows)
    opens = tokens == beginning
    opens[np.cumsum([0, *map(len, rows[:-1])])] = True
    depth, ids = _depth(opens), np.zeros(len(tokens), dtype=np.int32)
    for length in range(1, order + 1):
        ends = np.flatnonzero(depth >= length)
        keys, some, which, occurrences = _distinct(ids[ends - 1].astype(np.int64) * vocabulary + tokens[ends])
        yield Counted(keys, occurrences, ids[ends[some]])
        ids[ends] = which


def _distinct(keys: Ids) -> tuple[Ids, Ids, Counts, Counts]:
    """Different keys in order, where each occurs, which of them each of `keys` is, and how often.

    `np.unique` says the same, with a stable sort: several times slower.
    """
    order = np.argsort(keys)
    ascending = keys[order]
    first = np.flatnonzero(np.concatenate(([True], ascending[1:] != ascending[:-1])))
    occurrences = np.diff(first, append=len(keys)).astype(np.int32)
    which = np.empty(len(keys), dtype=np.int32)
    which[order] = np.repeat(np.arange(len(first), dtype=np.int32), occurrences)
    return ascending[first], order[first], which, occurrences


def _adjusted(counted: Counted, suffixes: Counts, vocabulary: int, beginning: int) -> Counts:
    """Different tokens before each n-gram, else its occurrences; `suffixes` are those one order above."""
    preceding = np.bincount(suffixes, minlength=len(counted.keys)).astype(np.int32)
    counts = np.where(preceding > 0, preceding, counted.occurrences)
    return np.where(counted.keys % vocabulary == beginning, 0, counts).astype(np.int32)


def _level(counted: Counted, counts: Counts, contexts: int, vocabulary: int) -> Level:
    context, discount = counted.keys // vocabulary, discounts(counts)
    totals = np.bincount(context, weights=counts, minlength=contexts)
    removed = np.bincount(context, weights=discount[np.minimum(counts, 3)], minlength=contexts)
    followed = totals > 0
    backoffs = np.divide(removed, totals, where=followed, out=np.ones(contexts))
    totals = np.where(followed, totals, 1.0)
    return Level(counted.keys, counts, discount, totals.astype(np.float32), backoffs.astype(np.float32))


def _depth(opens: NDArray[np.bool_]) -> Ids:
    """How many tokens, itself included, each token has behind it back to the last that opens a text."""
    places = np.arange(len(opens), dtype=np.int64)
    return places - np.maximum.accumulate(np.where(opens, places, 0)) + 1
