"""A near cache in front of one that is further away."""

from collections.abc import Mapping, Sequence

from neural_lab.backends.closing import shut
from neural_lab.ports import Cache


class TieredCache:
    """A `Cache` that asks `back` only for what `front` does not have, and then keeps it in front as well."""

    def __init__(self, front: Cache, back: Cache) -> None:
        self._front, self.back = front, back

    def get(self, keys: Sequence[bytes]) -> list[bytes | None]:
        found = dict(zip(keys, self._front.get(keys), strict=True))
        missing = [key for key, value in found.items() if value is None]
        if missing:
            further = dict(zip(missing, self.back.get(missing), strict=True))
            self._front.put({key: value for key, value in further.items() if value is not None})
            found |= further
        return [found[key] for key in keys]

    def put(self, items: Mapping[bytes, bytes]) -> None:
        self._front.put(items)
        self.back.put(items)

    def close(self) -> None:
        """End the connections of the one behind, if it has any."""
        shut(self.back)
