"""A Python function as an encoder."""

from collections.abc import Callable, Mapping, Sequence
from itertools import chain

import numpy as np
from numpy.typing import NDArray

from neural_lab.backends.failures import not_finite, translated
from neural_lab.backends.pieces import WHAT, Passages
from neural_lab.errors import ScoringFailed
from neural_lab.types import Encoding

BYTES = 4
FILL = b"\xff"  # Never part of UTF-8.

Table = Mapping[str, NDArray[np.float32]]
Embed = Callable[[Sequence[str]], NDArray[np.floating]]


class CallableEncoder:
    """An `Encoder` around `embed`, which turns sentences into vectors `[sentences, width]`.

    It reads each sentence by itself, and distinct ones only. Its tokens are the
    sentence's own bytes, four in a number, which is about as long as tokens of
    language models are: so a sentence can be had back from them. `identity` is for
    the caller to change whenever `embed` changes, since caches go by it.
    """

    def __init__(self, embed: Embed, width: int, identity: str) -> None:
        self.identity = identity
        self._embed, self._width = embed, width

    def tokens(self, sentences: Sequence[str]) -> list[list[int]]:
        return [_written(sentence) for sentence in sentences]

    def encode(self, passages: Passages) -> list[Encoding]:
        """Encodings of `passages`; raises `ScoringFailed`, also for vectors of another number or width."""
        with translated(WHAT):
            texts = [[_read(sentence) for sentence in passage] for passage in passages]
            distinct = sorted({*chain.from_iterable(texts)} - {""})
            found = zip(distinct, self._vectors(distinct), strict=True)
            table = {"": np.zeros(self._width, np.float32), **dict(found)}
            return [self._encoding(mine, table, p) for mine, p in zip(texts, passages, strict=True)]

    def _encoding(self, texts: Sequence[str], table: Table, passage: Sequence[Sequence[int]]) -> Encoding:
        vectors = np.array([table[text] for text in texts], dtype=np.float32).reshape(len(texts), self._width)
        return Encoding(vectors, np.array([len(sentence) for sentence in passage], dtype=np.int64))

    def _vectors(self, sentences: Sequence[str]) -> NDArray[np.float32]:
        found = np.asarray(self._embed(sentences) if sentences else np.zeros((0, self._width)), np.float32)
        if found.shape != (len(sentences), self._width):
            message = f"The function has to give {self._width} numbers for each sentence."
            raise ScoringFailed("other_shape", message)
        if not np.isfinite(found).all():
            raise not_finite(WHAT)
        return found


def _written(sentence: str) -> list[int]:
    data = sentence.encode("utf-8", "surrogatepass")
    found: list[int] = np.frombuffer(data + FILL * (-len(data) % BYTES), dtype="<u4").tolist()
    return found


def _read(tokens: Sequence[int]) -> str:
    return np.array(tokens, dtype="<u4").tobytes().rstrip(FILL).decode("utf-8", "surrogatepass")
