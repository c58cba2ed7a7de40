"""Encodings remembered: an edit costs the passages around it, not the document."""

from collections.abc import Sequence
from secrets import token_bytes

import numpy as np

from neural_lab.backends.cache_key import CacheKeys
from neural_lab.backends.memory_cache import MemoryCache
from neural_lab.backends.packed import frozen_encoding, pack_encoding, unpack_encoding
from neural_lab.backends.shelf import Shelf
from neural_lab.ports import Cache, Encoder
from neural_lab.types import Encoding

STAGE = "encoder"


class CachedEncoder:
    """An `Encoder` that asks another only for what is not in a cache.

    By default the cache is one of this process and bounded, and its secret is made
    here: no text is kept, and whoever reads the memory later cannot try texts
    against the keys. What it returns is read-only.
    """

    def __init__(self, encoder: Encoder, cache: Cache | None = None, secret: bytes | None = None) -> None:
        self._encoder = encoder
        self._keys = CacheKeys(secret or token_bytes(32), STAGE, encoder.identity)
        # Not `or`: an empty cache may count as false.
        cache = MemoryCache() if cache is None else cache
        self._shelf = Shelf(cache, pack_encoding, unpack_encoding)

    @property
    def identity(self) -> str:
        return self._encoder.identity

    def tokens(self, sentences: Sequence[str]) -> list[list[int]]:
        """The tokens of each sentence; raises `ScoringFailed`."""
        return self._encoder.tokens(sentences)

    def encode(self, passages: Sequence[Sequence[Sequence[int]]]) -> list[Encoding]:
        """An encoding per passage, equal ones encoded once; raises `ScoringFailed` and then keeps none."""
        keys = [self._keys.key(map(_written, passage)) for passage in passages]
        return self._shelf.values(keys, passages, self._encode)

    def _encode(self, passages: list[Sequence[Sequence[int]]]) -> list[Encoding]:
        return [frozen_encoding(each) for each in self._encoder.encode(passages)]


def _written(sentence: Sequence[int]) -> bytes:
    return np.array(sentence, dtype="<u4").tobytes()
