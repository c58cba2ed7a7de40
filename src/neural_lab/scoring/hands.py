"""Processes that score parts, each one part at a time, and what happens when one of them dies."""

from __future__ import annotations

import os
import signal
import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from contextlib import suppress
from multiprocessing import get_context, parent_process
from typing import Protocol

from neural_lab.errors import ScoringFailed
from neural_lab.processes import one_thread_each
from neural_lab.scoring.answer import Answer, Wanted, answers
from neural_lab.scoring.given import Given
from neural_lab.scoring.parts import Part

DEATHS, TRIES = 2, 2
"""So many processes may die over a part before its rows are tried alone, and over such a row."""
Scored = Future[list[Answer]]


class Died(Exception):
    """The process that had the work is gone; another stands in its place."""


class Hand(Protocol):
    """One process. It scores a part at a time, and comes back when it dies."""

    def score(self, rows: Sequence[Given]) -> Scored: ...

    def result(self, scored: Scored) -> list[Answer]:
        """Raises `Died`, and what the process raised."""
        ...

    def close(self) -> None: ...


class LocalHand:
    """A process of this computer."""

    def __init__(self, wanted: Wanted) -> None:
        self._wanted = wanted
        self._begin()

    def score(self, rows: Sequence[Given]) -> Scored:
        return self._pool.submit(answers, self._wanted, rows)

    def result(self, scored: Scored) -> list[Answer]:
        try:
            return scored.result()
        except BrokenProcessPool as error:
            self.close()
            self._begin()
            raise Died from error

    def close(self) -> None:
        """Ctrl-C must not wait for the part that is being scored."""
        with suppress(BrokenProcessPool, ProcessLookupError):
            os.kill(self._process.result(), signal.SIGTERM)
        self._pool.shutdown(wait=True, cancel_futures=True)
        # What the system holds for it is given back with the object, and an interrupt leaves at once.
        del self._pool

    def _begin(self) -> None:
        # A fork would copy the locks of threads that do not come along.
        self._pool = ProcessPoolExecutor(1, get_context("spawn"), _settle)
        with one_thread_each():
            self._process = self._pool.submit(os.getpid)


def spread(
    parts: Iterable[Part], hands: Sequence[Hand], blank: Callable[[Given], Answer]
) -> Iterator[tuple[Part, list[Answer]]]:
    """Every part with its answers, as they are done, never more parts at a time than there are hands.

    A part is worked on again when the process that had it died; a row that keeps
    killing processes gets a `blank` answer. Raises `ScoringFailed` when nothing else happens.
    """
    coming, again, idle = iter(parts), deque[Part](), deque(hands)
    busy: dict[Scored, tuple[Hand, Part]] = {}
    while True:
        while idle and (part := again.popleft() if again else next(coming, None)):
            hand = idle.popleft()
            busy[hand.score(part.rows)] = hand, part
        if not busy:
            return
        for scored in wait(busy, return_when=FIRST_COMPLETED).done:
            hand, part = busy.pop(scored)
            idle.append(hand)
            try:
                yield part, hand.result(scored)
            except Died:
                if part.deaths < DEATHS:
                    again.append(Part(part.number, part.rows, part.deaths + 1))
                else:
                    yield part, _one_by_one(hand, part, blank)


def _one_by_one(hand: Hand, part: Part, blank: Callable[[Given], Answer]) -> list[Answer]:
    found = [_alone(hand, row) for row in part.rows]
    if len(found) > 1 and not any(found):
        raise ScoringFailed("workers_die", "Every process that scores ends at once: is there enough memory?")
    return [answer or blank(row) for answer, row in zip(found, part.rows, strict=True)]


def _alone(hand: Hand, row: Given) -> Answer | None:
    for _ in range(TRIES):
        try:
            return hand.result(hand.score((row,)))[0]
        except Died:
            continue
    return None


def _settle() -> None:
    """Ctrl-C reaches every process; the first one decides and says so once. Where it ends, this one does."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_follow, daemon=True).start()


def _follow() -> None:
    if first := parent_process():
        first.join()
        os._exit(1)
