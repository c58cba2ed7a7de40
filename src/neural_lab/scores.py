"""One number per sentence, and what follows from them for a document."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate

from neural_lab.types import Sentence

MAX_LOGIT = 30.0
RUN_CHARACTERS = 1000


@dataclass(frozen=True, slots=True)
class SentenceScore:
    """A sentence, its signals, and the terms (nats) that add up to the log-odds of its probability."""

    sentence: Sentence
    signals: dict[str, float]
    contributions: dict[str, float]

    @property
    def logit(self) -> float:
        return math.fsum(self.contributions.values())

    @property
    def probability(self) -> float:
        return sigmoid(self.logit)


@dataclass(frozen=True, slots=True)
class Breakdown:
    """Shares of a text in sentences that read like machine text, like neither, and like human text.

    At and above `machine_from` a sentence reads like machine text, else at and below
    `human_to` like human text. The shares are in [0, 1], weighted by characters;
    `machine + mixed + human` is exactly 1.
    """

    machine: float
    mixed: float
    human: float
    machine_from: float
    human_to: float

    @classmethod
    def of(cls, sentences: Sequence[SentenceScore], machine_from: float, human_to: float) -> Breakdown:
        lengths = {"machine": 0, "mixed": 0, "human": 0}
        for score in sentences:
            p = score.probability
            side = "machine" if p >= machine_from else "human" if p <= human_to else "mixed"
            lengths[side] += score.sentence.span.length
        characters = sum(lengths.values())
        machine = lengths["machine"] / characters
        # What is left over, so that rounding cannot make the shares miss 1.
        mixed = lengths["mixed"] / characters if lengths["human"] else 1 - machine
        return cls(machine, mixed, 1 - (machine + mixed), machine_from, human_to)


def sigmoid(logit: float) -> float:
    """Logistic function, kept strictly inside (0, 1)."""
    return 1.0 / (1.0 + math.exp(-min(max(logit, -MAX_LOGIT), MAX_LOGIT)))


def weighted_mean(sentences: Sequence[SentenceScore]) -> float:
    """Mean sentence probability, weighted by length in characters."""
    characters = sum(s.sentence.span.length for s in sentences)
    return math.fsum(s.sentence.span.length * s.probability for s in sentences) / characters


def strongest_run(
    lengths: Sequence[float], probabilities: Sequence[float], characters: int = RUN_CHARACTERS
) -> tuple[int, int, float]:
    """The run of sentences, each run just long enough to hold `characters`, with the highest weighted mean.

    A document shorter than that is one run. Linear in the number of sentences.
    """
    mass = list(accumulate((n * p for n, p in zip(lengths, probabilities, strict=True)), initial=0.0))
    total = list(accumulate(lengths, initial=0.0))
    best, first = (0, len(lengths), mass[-1] / total[-1]), 0
    for last in range(1, len(total)):
        while total[last] - total[first + 1] >= characters:
            first += 1
        if total[last] - total[first] >= characters:
            mean = (mass[last] - mass[first]) / (total[last] - total[first])
            best = max(best, (first, last, mean), key=lambda run: run[2])
    return best
