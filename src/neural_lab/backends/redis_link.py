"""A Redis that one can do without."""

from collections.abc import Callable
from typing import Any, TypeVar

from redis import Redis
from redis.backoff import NoBackoff
from redis.exceptions import RedisError, ResponseError
from redis.retry import Retry

from neural_lab.backends.breaker import PAUSE, Breaker
from neural_lab.errors import InvalidRequest

SECONDS = 0.1  # For connecting, and for each part of an answer.

Answer = TypeVar("Answer")


class RedisLink:
    """Asks a Redis at a URL `redis://HOST:PORT/DATABASE`, whose query may lengthen `socket_timeout`.

    One that does not answer costs one caller a short wait, and then nobody any for
    `pause` seconds. Raises `InvalidRequest` for what is no such URL.
    """

    def __init__(self, url: str, pause: float = PAUSE) -> None:
        self._breaker = Breaker(pause)
        self.pause = pause
        # RESP2 needs no greeting, so that a new connection costs one answer less to wait for.
        options = {"socket_connect_timeout": SECONDS, "socket_timeout": SECONDS, "protocol": 2}
        try:
            self.client: Any = Redis.from_url(url, retry=Retry(NoBackoff(), 0), **options)
            pool = self.client.connection_pool
            # What a query asks for that there is not would only show when a connection is made.
            pool.connection_class(**pool.connection_kwargs)
        except (ValueError, TypeError):
            # Without its cause, which may quote a password.
            message = "The Redis has to be redis://HOST:PORT/DATABASE, rediss:// or unix://."
            raise InvalidRequest("redis", message) from None

    def ask(self, question: Callable[[Any], Answer]) -> Answer | None:
        """What `question` makes of the client; None when Redis is away or refuses."""
        if not self._breaker.lets_through():
            return None
        try:
            answer = question(self.client)
        except ResponseError:
            # It is there, but out of memory, a replica, or of another mind: nothing to wait for.
            self._breaker.succeeded()
            return None
        except (RedisError, OSError):
            self._breaker.failed()
            return None
        self._breaker.succeeded()
        return answer

    def close(self) -> None:
        self.client.close()
