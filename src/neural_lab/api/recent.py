"""An answer that stays true for a moment."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from time import monotonic
from typing import Generic, TypeVar

from starlette.concurrency import run_in_threadpool

Answer = TypeVar("Answer")


class Recent(Generic[Answer]):
    """What `ask` said last, if that is at most `seconds` ago; else it is asked again, in a thread.

    Who comes while it is being asked waits for the same answer: however many they are,
    they hold one thread.
    """

    def __init__(self, ask: Callable[[], Answer], seconds: float) -> None:
        self._ask, self._seconds = ask, seconds
        self._answer: asyncio.Future[Answer] | None = None
        self._end = 0.0

    async def __call__(self) -> Answer:
        if self._answer is None or (self._answer.done() and monotonic() >= self._end):
            self._answer = asyncio.ensure_future(self._asked())
        # Whoever goes away meanwhile takes the answer from nobody else.
        return await asyncio.shield(self._answer)

    async def _asked(self) -> Answer:
        try:
            return await run_in_threadpool(self._ask)
        finally:
            self._end = monotonic() + self._seconds
