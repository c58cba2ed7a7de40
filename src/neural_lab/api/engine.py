"""How a worker process scores: documents wait in line, leave in batches, and each gets one answer."""

from __future__ import annotations

import asyncio
import threading
import weakref
from collections.abc import Sequence
from concurrent.futures import Future
from contextlib import suppress
from dataclasses import dataclass

from starlette.requests import Request

from neural_lab.batching import Batcher
from neural_lab.errors import Overloaded
from neural_lab.outcome import Report
from neural_lab.service import Lab, Question

LONG = 10_000
"""Longer documents wait in a line of their own: they must not hold up the short ones."""
LANE_THREADS = 1


class ClientGoneError(Exception):
    """Nobody waits for the answer any more."""


@dataclass(frozen=True)
class Engine:
    """Two lines before one lab."""

    short: Batcher[Question, Report]
    long: Batcher[Question, Report]

    @classmethod
    def of(cls, lab: Lab, batch_characters: int, most_waiting: int) -> Engine:
        def lane(budget: int) -> Batcher[Question, Report]:
            return Batcher(lab.analyze_all, _characters, budget, most_waiting, LANE_THREADS)

        return cls(lane(batch_characters), lane(LONG))

    def submit(self, question: Question) -> Future[Report]:
        """Raises `Overloaded` at once when the line is full."""
        lane = self.long if _characters(question) > LONG else self.short
        return lane.submit(question)

    def close(self, drain_seconds: float) -> None:
        for lane in (self.short, self.long):
            lane.close(drain_seconds)

    def retire(self) -> None:
        """Be closed when nobody has it any more: whoever took it before is still answered by it.

        A request or a job gives it back by forgetting it.
        """
        weakref.finalize(self, _end, self.short, self.long).atexit = False


def _end(*lanes: Batcher[Question, Report]) -> None:
    """In a thread of its own: the last one to forget an engine may be anybody, also the event loop."""
    for lane in lanes:
        threading.Thread(target=lane.close, args=(0,), name="retired", daemon=True).start()


async def answered(
    engine: Engine, questions: Sequence[Question], request: Request, seconds: float
) -> list[Report | BaseException]:
    """Reports in order, or the error in the place of one; all leave the line when the client goes away.

    Raises `Overloaded` before any work when not all fit into the line, and after `seconds`.
    """
    waiting: list[Future[Report]] = []
    try:
        waiting.extend(engine.submit(question) for question in questions)
        outcomes = asyncio.gather(*map(asyncio.wrap_future, waiting), return_exceptions=True)
        return await until_gone(outcomes, request, seconds)
    except BaseException:
        for future in waiting:
            future.cancel()
        raise


async def until_gone(
    outcomes: asyncio.Future[list[Report | BaseException]], request: Request, seconds: float
) -> list[Report | BaseException]:
    """The outcomes; cancelled when the client disconnects or the time is over first."""
    gone = asyncio.ensure_future(_disconnected(request))
    try:
        await asyncio.wait((outcomes, gone), timeout=seconds, return_when=asyncio.FIRST_COMPLETED)
        if outcomes.done():
            return outcomes.result()
        outcomes.cancel()
        if gone.done():
            raise ClientGoneError
        message = f"No answer within {seconds:g} seconds; try again later, or use /v1/jobs."
        raise Overloaded("too_slow", message, 5)
    finally:
        gone.cancel()
        with suppress(asyncio.CancelledError):
            await gone


async def _disconnected(request: Request) -> None:
    while (await request.receive())["type"] != "http.disconnect":
        pass


def _characters(question: Question) -> int:
    return len(question.document.text)
