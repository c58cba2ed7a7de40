"""The passage encoder: ONNX Runtime on the processor, one passage a run."""

from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from neural_lab.backends.onnx_session import default_threads, opened, side_by_side, translated
from neural_lab.errors import ScoringFailed
from neural_lab.text.passages import LONGEST
from neural_lab.types import Encoding

FIRST, LAST = "[CLS]", "[SEP]"
WHAT = "passage encoder"

Ids = NDArray[np.int64]


class Piece(NamedTuple):
    """Tokens of one passage that are read at once, and the number of the sentence that each belongs to."""

    passage: int
    ids: Ids
    owners: Ids


class OnnxEncoder:
    """An `Encoder`. Passages are not padded and share no run: an answer depends on its passage alone."""

    def __init__(self, model: Path, tokenizer: Path, identity: str, threads: int | None = None) -> None:
        self.identity = identity
        self._session, self._tokenizer = opened(model, tokenizer, WHAT)
        self._tokenizer.no_padding()
        self._tokenizer.no_truncation()
        # A text that spells out "[SEP]" must not become one.
        self._tokenizer.encode_special_tokens = True
        self._first, self._last = (int(self._tokenizer.token_to_id(name) or 0) for name in (FIRST, LAST))
        self._width = int(self._session.get_outputs()[0].shape[1])
        self._threads = threads or default_threads()

    def tokens(self, sentences: Sequence[str]) -> list[list[int]]:
        """The tokens of each sentence; raises `ScoringFailed`."""
        with translated(WHAT):
            return [self._tokenizer.encode(each, add_special_tokens=False).ids for each in sentences]

    def encode(self, passages: Sequence[Sequence[Sequence[int]]]) -> list[Encoding]:
        """Encodings of `passages`. Pieces run side by side, the longest first; raises `ScoringFailed`."""
        with translated(WHAT):
            return self._encode(passages)

    def _encode(self, passages: Sequence[Sequence[Sequence[int]]]) -> list[Encoding]:
        pieces = [piece for at, passage in enumerate(passages) for piece in _pieces(at, passage)]
        pieces.sort(key=lambda piece: -len(piece.ids))
        sums = [np.zeros((len(passage), self._width)) for passage in passages]
        runs = side_by_side(self._threads, self._run, pieces)
        for piece, (owners, part) in zip(pieces, runs, strict=True):
            sums[piece.passage][owners] += part
        return [_encoding(total, passage) for total, passage in zip(sums, passages, strict=True)]

    def _run(self, piece: Piece) -> tuple[Ids, NDArray[np.float64]]:
        """The sentences in a piece, and the sum of the states of each one's tokens."""
        ids = np.array([[self._first, *piece.ids, self._last]], dtype=np.int64)
        states: NDArray[np.float32] = self._session.run(("hidden",), {"ids": ids})[0][1:-1]
        starts = np.flatnonzero(np.diff(piece.owners, prepend=-1))
        return piece.owners[starts], np.add.reduceat(states, starts, axis=0, dtype=np.float64)


def _pieces(at: int, passage: Sequence[Sequence[int]]) -> list[Piece]:
    """A passage in as few pieces as the model's length allows, of like length."""
    ids = np.array([token for sentence in passage for token in sentence], dtype=np.int64)
    owners = np.repeat(np.arange(len(passage)), [len(sentence) for sentence in passage])
    count = -(-len(ids) // LONGEST)
    parts = zip(np.array_split(ids, count), np.array_split(owners, count), strict=True) if count else ()
    return [Piece(at, *part) for part in parts]


def _encoding(sums: NDArray[np.float64], passage: Sequence[Sequence[int]]) -> Encoding:
    if not np.isfinite(sums).all():
        raise ScoringFailed("not_finite", f"The {WHAT} gave an answer that is not a number.")
    tokens = np.array([len(sentence) for sentence in passage], dtype=np.int64)
    return Encoding((sums / np.maximum(tokens, 1)[:, None]).astype(np.float32), tokens)
