"""Names of cached values that say nothing of what they stand for."""

from collections.abc import Iterable
from hashlib import blake2b

SHORTEST_SECRET = 16
PURPOSE = b"neural-lab cache"  # Keeps these apart from other digests under the same secret.


class CacheKeys:
    """Keys of what one model makes of texts at one `stage`.

    Whoever does not know the `secret` cannot try texts against a key; whoever shares a
    cache and its secret shares what is in it. `identity` names weights and precision.
    """

    def __init__(self, secret: bytes, stage: str, identity: str) -> None:
        if len(secret) < SHORTEST_SECRET:
            raise ValueError(f"the secret of a cache needs {SHORTEST_SECRET} bytes")
        # Digested, because the keys of blake2b end after 64 bytes.
        start = blake2b(key=blake2b(secret).digest(), digest_size=32, person=PURPOSE)
        start.update(b"".join(map(_written, (stage, identity))))
        self._start = start

    def key(self, parts: Iterable[str | bytes]) -> bytes:
        """Each part stands behind its length, so that no two lists of parts are written alike."""
        digest = self._start.copy()
        for part in parts:
            digest.update(_written(part))
        return digest.digest()


def _written(part: str | bytes) -> bytes:
    written = part if isinstance(part, bytes) else part.encode("utf-8", "surrogatepass")
    return len(written).to_bytes(8, "big") + written
