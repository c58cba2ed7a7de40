"""Values that are looked up in a cache, and computed where it does not have them."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from neural_lab.backends.cache_trace import count
from neural_lab.ports import Cache

Part = TypeVar("Part")
Value = TypeVar("Value")


@dataclass(frozen=True)
class Shelf(Generic[Value]):
    """Values of one kind in `cache`; `pack` and `unpack` answer None for what cannot be kept or read."""

    cache: Cache
    pack: Callable[[Value], bytes | None]
    unpack: Callable[[bytes], Value | None]

    def values(
        self, keys: Sequence[bytes], parts: Sequence[Part], compute: Callable[[list[Part]], Sequence[Value]]
    ) -> list[Value]:
        """The value of each part, in order; those missing are computed in one call, equal ones once.

        An error of `compute` leaves the cache as it was.
        """
        known = self._known(list(dict.fromkeys(keys)))
        missing = {key: part for key, part in zip(keys, parts, strict=True) if key not in known}
        count(sum(key in known for key in keys), len(missing))
        if missing:
            fresh = dict(zip(missing, compute([*missing.values()]), strict=True))
            self._keep(fresh)
            known |= fresh
        return [known[key] for key in keys]

    def _known(self, keys: Sequence[bytes]) -> dict[bytes, Value]:
        found = zip(keys, self.cache.get(keys), strict=True)
        read = ((key, self.unpack(packed)) for key, packed in found if packed is not None)
        return {key: value for key, value in read if value is not None}

    def _keep(self, fresh: dict[bytes, Value]) -> None:
        packed = ((key, self.pack(value)) for key, value in fresh.items())
        self.cache.put({key: each for key, each in packed if each is not None})
