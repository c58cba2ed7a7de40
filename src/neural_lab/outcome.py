"""What was concluded about one document. Every number is computed from its sentences."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from itertools import accumulate

from neural_lab.types import Document, Finding, Sentence, Span

MAX_LOGIT = 30.0
RUN_CHARACTERS = 1000
NEVER = 1.0


class Verdict(StrEnum):
    LIKELY_HUMAN = "likely_human"
    MIXED = "mixed"
    LIKELY_AI = "likely_ai"
    INCONCLUSIVE = "inconclusive"


class Reason(StrEnum):
    """Why a verdict is `inconclusive`."""

    TOO_SHORT = "too_short"
    BETWEEN = "between_cut_points"
    LANGUAGE = "language_unmeasured"
    INSUFFICIENT = "insufficient_calibration_data"


@dataclass(frozen=True, slots=True)
class OperatingPoint:
    """A target false-positive rate and the cut points that reach it for documents of one length band.

    `document` is the probability at and above which a document is `likely_ai`;
    `run` the mean probability of its strongest run at and above which it is
    `mixed`. Both were chosen on human texts of `band` so that the two together
    flag at most `target` of them. `flagged` of `texts` human texts were flagged
    when fusion, calibration and cut points were made in the same way without
    their source; `interval` is the Wilson 95 % interval of that rate.
    """

    target: float
    band: str
    minimum_words: int
    maximum_words: int | None
    document: float
    run: float
    flagged: int
    texts: int
    interval: tuple[float, float]

    @property
    def reachable(self) -> bool:
        """Whether there were texts enough to choose cut points that hold the target."""
        return self.document < NEVER or self.run < NEVER

    @property
    def clear(self) -> float:
        """At and below this a document reads more like human text than like machine text."""
        return min(0.5, self.document)

    @property
    def sentence(self) -> float:
        """At and above this a sentence of a flagged document is marked: whatever flagged it has marks."""
        return min(self.document, self.run)


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


@dataclass(frozen=True)
class Report:
    """All that was found about one document by one detector at one operating point.

    `known_words` is the share of its words that stand in the lexicon; below
    `fewest_known` the text is not of the language that was measured.
    """

    document: Document
    detector: str
    version: str
    sentences: tuple[SentenceScore, ...]
    operating_point: OperatingPoint
    words: int
    shortest_words: int
    findings: tuple[Finding, ...] = ()
    human_evidence: tuple[Finding, ...] = ()
    known_words: float = 1.0
    fewest_known: float = 0.0

    def __post_init__(self) -> None:
        if not self.sentences:
            raise ValueError("a report needs a sentence")

    @cached_property
    def probability(self) -> float:
        """Σ lenᵢ·pᵢ / Σ lenᵢ over the very sentences that are highlighted."""
        return weighted_mean(self.sentences)

    @cached_property
    def strongest_run(self) -> tuple[int, int, float]:
        """First and last-plus-one sentence of the run that reads most like machine text, and its mean."""
        lengths = [s.sentence.span.length for s in self.sentences]
        return strongest_run(lengths, [s.probability for s in self.sentences])

    @property
    def reason(self) -> Reason | None:
        if self.known_words < self.fewest_known:
            return Reason.LANGUAGE
        if self.words < self.shortest_words:
            return Reason.TOO_SHORT
        if not self.operating_point.reachable:
            return Reason.INSUFFICIENT
        flagged = self.probability >= self.operating_point.document or self._has_strong_run
        return None if flagged or self.probability <= self.operating_point.clear else Reason.BETWEEN

    @property
    def measurable(self) -> bool:
        """Whether the numbers say anything about this text: long enough, and of the language measured."""
        return self.reason not in (Reason.TOO_SHORT, Reason.LANGUAGE)

    @property
    def verdict(self) -> Verdict:
        if self.reason:
            return Verdict.INCONCLUSIVE
        if self.probability >= self.operating_point.document:
            return Verdict.LIKELY_AI
        return Verdict.MIXED if self._has_strong_run else Verdict.LIKELY_HUMAN

    @property
    def _has_strong_run(self) -> bool:
        return self.strongest_run[2] >= self.operating_point.run

    def flags(self, score: SentenceScore) -> bool:
        """Whether a sentence is marked: only in flagged documents, at and above the lower cut point."""
        flagged = self.verdict in (Verdict.LIKELY_AI, Verdict.MIXED)
        return flagged and score.probability >= self.operating_point.sentence

    @cached_property
    def share_flagged(self) -> float:
        """Share of the sentences' characters that is marked."""
        marked = sum(s.sentence.span.length for s in self.sentences if self.flags(s))
        return marked / sum(s.sentence.span.length for s in self.sentences)

    @property
    def covered(self) -> Span:
        """From the first sentence's start to the last one's end."""
        return Span(self.sentences[0].sentence.span.start, self.sentences[-1].sentence.span.end)


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
