"""Columns of the language model remembered window by window: an edit costs the windows around it."""

from collections.abc import Callable, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from neural_lab.backends.cache_key import CacheKeys
from neural_lab.backends.packed import pack_columns, unpack_columns
from neural_lab.backends.shelf import Shelf
from neural_lab.ports import Cache

STAGE = "scorer"

Columns = NDArray[np.float32]
"""`[columns, tokens]`, only those of the tokens that the window scores."""


class Read(NamedTuple):
    """What the model is given for one window: `tokens`, the first `skipped` of them read and not scored."""

    tokens: NDArray[np.int64]
    skipped: int


class CachedWindows:
    """Windows that a model has read before, in `cache`.

    Those who know the `secret` can find out whether a passage is in the cache, nobody
    else. `identity` is the model's.
    """

    def __init__(self, cache: Cache, secret: bytes, identity: str) -> None:
        self._keys = CacheKeys(secret, STAGE, identity)
        self._shelf = Shelf(cache, pack_columns, unpack_columns)

    def columns(self, reads: Sequence[Read], run: Callable[[list[Read]], Sequence[Columns]]) -> list[Columns]:
        """Columns of each window, those missing by one call of `run`, equal ones once; its errors pass."""
        return self._shelf.values([self._key(read) for read in reads], reads, run)

    def _key(self, read: Read) -> bytes:
        return self._keys.key([read.tokens.tobytes(), read.skipped.to_bytes(8, "big")])
