"""Encodings remembered: an edit costs the passages around it, not the document."""

from collections import OrderedDict
from collections.abc import Mapping, Sequence
from hashlib import blake2b
from secrets import token_bytes
from threading import Lock

from neural_lab.ports import Encoder
from neural_lab.types import Encoding

MEBIBYTE = 2**20
ENTRY = 512  # Bytes that an entry takes besides its numbers: key, arrays' heads, place in the order.

Key = bytes


class CachedEncoder:
    """An `Encoder` that asks another only for what it has not kept.

    It keeps the encodings last used, as many as fit into `bytes`, under keyed
    hashes with a secret of this process: no text is kept, and whoever reads the
    memory later cannot try texts against the keys. What it returns is read-only.
    """

    def __init__(self, encoder: Encoder, bytes: int = 64 * MEBIBYTE) -> None:
        self._encoder, self._limit = encoder, bytes
        self._secret, self._lock = token_bytes(32), Lock()
        self._kept: OrderedDict[Key, Encoding] = OrderedDict()
        self._size = 0

    @property
    def identity(self) -> str:
        return self._encoder.identity

    def count(self, sentences: Sequence[str]) -> list[int]:
        """Tokens of each sentence; raises `ScoringFailed`."""
        return self._encoder.count(sentences)

    def encode(self, passages: Sequence[Sequence[str]]) -> list[Encoding]:
        """An encoding per passage, equal ones encoded once; raises `ScoringFailed` and then keeps none."""
        keys = [self._key(passage) for passage in passages]
        known = self._known(keys)
        missing = {key: passage for key, passage in zip(keys, passages, strict=True) if key not in known}
        if missing:
            encoded = self._encoder.encode([*missing.values()])
            known |= zip(missing, map(_frozen, encoded), strict=True)
            self._keep({key: known[key] for key in missing})
        return [known[key] for key in keys]

    def _key(self, passage: Sequence[str]) -> Key:
        """Each part behind its length, so that no two passages are written alike."""
        digest = blake2b(key=self._secret, digest_size=32)
        for part in (self.identity, *passage):
            written = part.encode("utf-8", "surrogatepass")
            digest.update(len(written).to_bytes(8, "big") + written)
        return digest.digest()

    def _known(self, keys: Sequence[Key]) -> dict[Key, Encoding]:
        with self._lock:
            found = {key: self._kept[key] for key in keys if key in self._kept}
            for key in found:
                self._kept.move_to_end(key)
        return found

    def _keep(self, fresh: Mapping[Key, Encoding]) -> None:
        with self._lock:
            for key, encoding in fresh.items():
                if key not in self._kept and _size(encoding) <= self._limit:
                    self._kept[key] = encoding
                    self._size += _size(encoding)
            while self._size > self._limit:
                self._size -= _size(self._kept.popitem(last=False)[1])


def _frozen(encoding: Encoding) -> Encoding:
    encoding.vectors.setflags(write=False)
    encoding.tokens.setflags(write=False)
    return encoding


def _size(encoding: Encoding) -> int:
    return encoding.vectors.nbytes + encoding.tokens.nbytes + ENTRY
