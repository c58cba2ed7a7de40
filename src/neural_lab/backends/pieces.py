"""What the encoders share: passages cut to a model's length, and the states of their tokens averaged."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from neural_lab.backends.failures import not_finite
from neural_lab.types import Encoding

WHAT = "passage encoder"

Ids = NDArray[np.int64]
Passages = Sequence[Sequence[Sequence[int]]]
"""Tokens of sentences of passages."""
Sums = tuple[Ids, NDArray[np.float64]]
"""The sentences in a piece, and the sum of the states of each one's tokens."""


class Piece(NamedTuple):
    """Tokens of one passage that are read at once, and the number of the sentence that each belongs to."""

    passage: int
    ids: Ids
    owners: Ids

    def sums(self, states: NDArray[np.float32]) -> Sums:
        """Of the `states` `[tokens, width]` of this piece."""
        starts = np.flatnonzero(np.diff(self.owners, prepend=-1))
        return self.owners[starts], np.add.reduceat(states, starts, axis=0, dtype=np.float64)


def pieces(passages: Passages, longest: int) -> list[Piece]:
    """Passages in as few pieces of at most `longest` tokens as will do; the longest piece comes first."""
    found = [piece for at, passage in enumerate(passages) for piece in _cut(at, passage, longest)]
    return sorted(found, key=lambda piece: -len(piece.ids))


def _cut(at: int, passage: Sequence[Sequence[int]], longest: int) -> list[Piece]:
    """Pieces of like length."""
    ids = np.array([token for sentence in passage for token in sentence], dtype=np.int64)
    owners = np.repeat(np.arange(len(passage)), [len(sentence) for sentence in passage])
    count = -(-len(ids) // longest)
    parts = zip(np.array_split(ids, count), np.array_split(owners, count), strict=True) if count else ()
    return [Piece(at, *part) for part in parts]


def encodings(passages: Passages, parts: Iterable[tuple[Piece, Sums]], width: int) -> list[Encoding]:
    """The encoding of each passage from the sums over its pieces; raises `ScoringFailed`."""
    sums = [np.zeros((len(passage), width)) for passage in passages]
    for piece, (sentences, part) in parts:
        sums[piece.passage][sentences] += part
    return [_encoding(total, passage) for total, passage in zip(sums, passages, strict=True)]


def _encoding(sums: NDArray[np.float64], passage: Sequence[Sequence[int]]) -> Encoding:
    if not np.isfinite(sums).all():
        raise not_finite(WHAT)
    tokens = np.array([len(sentence) for sentence in passage], dtype=np.int64)
    return Encoding((sums / np.maximum(tokens, 1)[:, None]).astype(np.float32), tokens)
