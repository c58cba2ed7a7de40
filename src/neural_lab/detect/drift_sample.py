"""Texts that a service has read, as columns of numbers."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from neural_lab.detect.signals import FUSED
from neural_lab.event import Event
from neural_lab.outcome import Verdict
from neural_lab.types import Floats

VERDICTS = tuple(Verdict)
_PLACE = {verdict.value: place for place, verdict in enumerate(VERDICTS)}


@dataclass(frozen=True, slots=True)
class Sample:
    """One row a text: its day (`date.toordinal`), words, probability, place in `VERDICTS`, and signals.

    `signals` is `[texts, FUSED]`, NaN where one is undefined. `texts` is how many there were; rows may be
    some of them.
    """

    texts: int
    day: NDArray[np.int32]
    words: NDArray[np.int32]
    probability: Floats
    verdict: NDArray[np.int8]
    signals: NDArray[np.float32]

    def __len__(self) -> int:
        return len(self.day)

    def between(self, low: int, high: int | None) -> Sample:
        """The rows of texts of so many words; `texts` is their number then."""
        mine = (self.words >= low) & (self.words <= (np.iinfo(np.int32).max if high is None else high))
        return Sample(
            int(mine.sum()),
            self.day[mine],
            self.words[mine],
            self.probability[mine],
            self.verdict[mine],
            self.signals[mine],
        )


def is_text(event: Event) -> bool:
    """Whether an event is of a text that was read, and not of a request alone."""
    return event.words is not None and event.probability is not None and event.verdict in _PLACE


def sampled(events: Sequence[Event], day: int, texts: int) -> Sample:
    """Events that `is_text` holds for, of one day that had so many `texts`."""
    rows = [json.loads(event.signals) for event in events]
    values = [[row.get(name, np.nan) for name in FUSED] for row in rows]
    return Sample(
        texts,
        np.full(len(events), day, np.int32),
        np.array([event.words for event in events], np.int32),
        np.array([event.probability for event in events], np.float64),
        np.array([_PLACE[event.verdict] for event in events], np.int8),
        np.array(values, np.float32).reshape(-1, len(FUSED)),
    )


def joined(samples: Sequence[Sample]) -> Sample:
    """All rows of all samples, of which there may be none."""
    every = [sampled((), 0, 0), *samples]
    names = "day", "words", "probability", "verdict", "signals"
    columns = (np.concatenate([getattr(each, name) for each in every]) for name in names)
    return Sample(sum(each.texts for each in every), *columns)
