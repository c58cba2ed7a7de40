"""Clients that know beforehand what they have to be told."""

from __future__ import annotations

import os
import random
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from functools import cache
from itertools import count
from typing import Self

from serving import CUT, Client

NOUNS = "river stone bakery violin harbour winter ladder teacher garden engine letter candle market bridge"
VERBS = "found sold carried painted lost repaired borrowed described counted followed buried forgot"
RIGHT, WRONG, BROKEN = "right", "wrong", "cut"
SOAK = os.environ.get("NEURAL_LAB_SOAK") == "1"
REQUESTS, A_SECOND = (20_000, 150) if SOAK else (1_000, 50)
ATTEMPTS, AGAIN = 20, 0.2

Pair = tuple[str, float]


def text(number: int, sentences: int = 2) -> str:
    """A text that no other number has."""
    chosen, nouns, verbs = random.Random(number), NOUNS.split(), VERBS.split()
    said = (
        f"The {chosen.choice(nouns)} {chosen.choice(verbs)} the {chosen.choice(nouns)} on day {number}."
        for _ in range(sentences)
    )
    return " ".join(said)


@cache
def known(most: int) -> list[Pair]:
    """So many texts with their probabilities, all of them different."""
    from neural_lab.compose import open_lab
    from neural_lab.service import Question
    from neural_lab.types import Document

    lab, found = open_lab(threads=1), list[Pair]()
    for start in range(0, most, 100):
        texts = [text(number) for number in range(start, min(start + 100, most))]
        reports = lab.analyze_all([Question(Document(each)) for each in texts])
        found += zip(texts, (report.probability for report in reports), strict=True)
    assert len({probability for _, probability in found}) > 0.99 * most
    return found


@dataclass(frozen=True)
class Outcome:
    """`said` is "right", "wrong", "cut" for a lost connection, or a status."""

    kind: str
    begun: float
    ended: float
    said: str


class Load:
    """Threads that ask for one text after the other; what did not come right they ask for again.

    An endless load begins anew after its last text, and ends with its block.
    """

    def __init__(
        self,
        connect: Callable[[], Client],
        pairs: Sequence[Pair],
        clients: int = 4,
        also: str = "/v1/history?most=1",
        endless: bool = False,
        **headers: str,
    ) -> None:
        self._connect, self._pairs, self._also, self._headers = connect, pairs, also, headers
        self._next, self._begun, self._clients = count(), time.monotonic(), clients
        self._threads = [threading.Thread(target=self._run, daemon=True) for _ in range(clients)]
        self._endless, self._left = endless, threading.Event()
        self.outcomes: list[Outcome] = []
        self.done = 0

    def __enter__(self) -> Self:
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, failed: object, *_: object) -> None:
        if failed or self._endless:
            self._left.set()
        for thread in self._threads:
            thread.join(600)

    def reach(self, share: float, seconds: float = 600) -> None:
        """Wait until so much of the load is done."""
        end = time.monotonic() + seconds
        while self.done < share * len(self._pairs):
            assert time.monotonic() < end, "the load does not get on"
            time.sleep(0.02)

    def of(self, kind: str) -> list[Outcome]:
        return [outcome for outcome in self.outcomes if outcome.kind == kind]

    def _run(self) -> None:
        with closing(self._connect()) as client:
            for number in self._numbers():
                self._until_right("detect", lambda at=number: self._detect(client, at))
                if number % 5 == 0:
                    self._note(
                        "store", lambda: _status(client.ask("GET", self._also, **self._headers).status)
                    )
                self.done += 1

    def _numbers(self) -> Iterator[int]:
        while not self._left.is_set():
            number = next(self._next)
            if number >= len(self._pairs) and not self._endless:
                return
            time.sleep(max(0.0, self._begun + number / A_SECOND - time.monotonic()))
            yield number % len(self._pairs)

    def _until_right(self, kind: str, question: Callable[[], str]) -> None:
        for _ in range(ATTEMPTS):
            if self._note(kind, question) in (RIGHT, WRONG):
                return
            time.sleep(AGAIN)

    def _note(self, kind: str, question: Callable[[], str]) -> str:
        begun = time.monotonic()
        try:
            said = question()
        except CUT:
            said = BROKEN
        self.outcomes.append(Outcome(kind, begun, time.monotonic(), said))
        return said

    def _detect(self, client: Client, number: int) -> str:
        """Two texts, of which the second has been asked for before."""
        mine = [self._pairs[number], self._pairs[number // 2]]
        answer = client.ask("POST", "/detect", {"texts": [each for each, _ in mine]}, **self._headers)
        if answer.status != 200:
            return str(answer.status)
        return RIGHT if answer.json["probabilities"] == [known for _, known in mine] else WRONG


def _status(status: int) -> str:
    return RIGHT if status == 200 else str(status)
