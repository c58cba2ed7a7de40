"""A cache that processes share."""

from collections.abc import Mapping, Sequence
from hashlib import blake2b
from typing import Any

from neural_lab.backends.breaker import PAUSE
from neural_lab.backends.redis_link import RedisLink
from neural_lab.backends.release import release

PREFIX = f"neural-lab:cache:{release()}:"
"""Of each release its own: what another one stored may be written in another way."""
LARGEST = 8 * 2**20  # Bytes; what is larger takes longer to send than a Redis may take that is there.
CHECK = 16


class RedisCache:
    """A `Cache` in a Redis, where a value stays for `seconds`.

    In front of every value stands a checksum of it and its key, so that what was
    cut, altered or moved is not taken for it; with a `secret` nobody else can write it.
    """

    def __init__(
        self, url: str, seconds: int = 3600, prefix: str = PREFIX, secret: bytes = b"", pause: float = PAUSE
    ) -> None:
        self._link = RedisLink(url, pause)
        self._seconds, self._prefix = seconds, prefix.encode()
        self._secret = blake2b(secret, digest_size=32).digest() if secret else b""

    def get(self, keys: Sequence[bytes]) -> list[bytes | None]:
        names = [self._prefix + key for key in keys]
        found = self._link.ask(lambda redis: redis.mget(names)) if names else None
        if found is None:
            return [None] * len(keys)
        return [self._opened(key, stored) for key, stored in zip(keys, found, strict=True)]

    def put(self, items: Mapping[bytes, bytes]) -> None:
        sealed = {
            key: self._check(key, value) + value for key, value in items.items() if len(value) <= LARGEST
        }
        if sealed:
            self._link.ask(lambda redis: self._send(redis, sealed))

    def close(self) -> None:
        self._link.close()

    def _send(self, redis: Any, sealed: Mapping[bytes, bytes]) -> None:
        with redis.pipeline(transaction=False) as pipeline:
            for key, stored in sealed.items():
                pipeline.set(self._prefix + key, stored, ex=self._seconds)
            pipeline.execute()

    def _opened(self, key: bytes, stored: bytes | None) -> bytes | None:
        if stored is None or stored[:CHECK] != self._check(key, stored[CHECK:]):
            return None
        return stored[CHECK:]

    def _check(self, key: bytes, value: bytes) -> bytes:
        digest = blake2b(len(key).to_bytes(8, "big") + key, key=self._secret, digest_size=CHECK)
        digest.update(value)
        return digest.digest()
