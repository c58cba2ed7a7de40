"""A cache in this process."""

from collections import OrderedDict
from collections.abc import Mapping, Sequence
from threading import Lock

MEBIBYTE = 2**20
ENTRY = 256  # Bytes that an entry takes besides key and value: heads of objects, places in the order.


class MemoryCache:
    """A `Cache` of what was used last, as much as fits into `limit_bytes`."""

    def __init__(self, limit_bytes: int = 64 * MEBIBYTE) -> None:
        self._limit, self._lock = limit_bytes, Lock()
        self._kept: OrderedDict[bytes, bytes] = OrderedDict()
        self._size = 0

    @property
    def size(self) -> int:
        """Bytes that all entries take together."""
        return self._size

    def __len__(self) -> int:
        return len(self._kept)

    def get(self, keys: Sequence[bytes]) -> list[bytes | None]:
        with self._lock:
            for key in keys:
                if key in self._kept:
                    self._kept.move_to_end(key)
            return [self._kept.get(key) for key in keys]

    def put(self, items: Mapping[bytes, bytes]) -> None:
        """Keep `items`; one that is larger than the whole cache is not kept, and displaces nothing."""
        with self._lock:
            for key, value in items.items():
                self._drop(key)
                if _size(key, value) <= self._limit:
                    self._kept[key] = value
                    self._size += _size(key, value)
            while self._size > self._limit:
                self._drop(next(iter(self._kept)))

    def _drop(self, key: bytes) -> None:
        if (value := self._kept.pop(key, None)) is not None:
            self._size -= _size(key, value)


def _size(key: bytes, value: bytes) -> int:
    return len(key) + len(value) + ENTRY
