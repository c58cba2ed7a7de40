"""What two detectors said of one document, as an event: numbers, names of detectors, nothing of the text."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from neural_lab.event import Event

KIND = "shadow"
"""Of these events, in the place of a route: no request of anybody."""


@dataclass(frozen=True, slots=True)
class Said:
    """`version` is a detector's name in the registry, "" for the installed one."""

    version: str
    probability: float
    verdict: str


@dataclass(frozen=True, slots=True)
class Paired:
    """One document of so many words and characters that both read; `detector` is the champion's own name."""

    champion: Said
    challenger: Said
    words: int
    characters: int
    detector: str
    milliseconds: float = 0.0
    """That the challenger took."""

    @property
    def difference(self) -> float:
        """Positive where the challenger's probability is the higher one."""
        return self.challenger.probability - self.champion.probability


def event(pair: Paired, at: str) -> Event:
    """The fields say what the champion said; `signals` has the versions, and what the challenger said."""
    told = {
        "champion": pair.champion.version,
        "challenger": pair.challenger.version,
        "probability": pair.challenger.probability,
        "verdict": pair.challenger.verdict,
    }
    numbers = pair.milliseconds, pair.characters, pair.words, pair.champion.probability
    return Event(at, KIND, 200, *numbers, pair.champion.verdict, pair.detector, json.dumps(told))


def pairs(events: Iterable[Event]) -> Iterator[Paired]:
    """Those of the events that are of two detectors."""
    for each in events:
        if each.kind == KIND and each.words is not None and each.probability is not None:
            told = json.loads(each.signals)
            champion = Said(told["champion"], each.probability, each.verdict)
            challenger = Said(told["challenger"], told["probability"], told["verdict"])
            measured = each.words, each.characters, each.detector, each.milliseconds
            yield Paired(champion, challenger, *measured)
