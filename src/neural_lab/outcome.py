"""What was concluded about one document. Every number is computed from its sentences."""

from __future__ import annotations

import math
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property

from neural_lab.rates import NEVER as NEVER
from neural_lab.rates import ErrorRow as ErrorRow
from neural_lab.rates import OperatingPoint as OperatingPoint
from neural_lab.rates import worst
from neural_lab.scores import Breakdown as Breakdown
from neural_lab.scores import SentenceScore as SentenceScore
from neural_lab.scores import sigmoid as sigmoid
from neural_lab.scores import strongest_run as strongest_run
from neural_lab.scores import weighted_mean
from neural_lab.types import Document, Finding, Span

ENGLISH = "en"
MOST_QUOTED = 0.5


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
    QUOTED = "mostly_quoted"
    GENRE = "genre_unmeasured"
    DISAGREE = "signals_disagree"


@dataclass(frozen=True)
class Report:
    """All that was found about one document by one detector at one operating point.

    `known_words` is the share of its words that stand in the lexicon; below
    `fewest_known`, or where `language` (an ISO 639 code, None where it is not
    clear) is not English, the text is not of the language that was measured.
    `error_rows` are the error rates that apply to it: those of the genre and
    writer that were declared, else of the `genres` it may belong to and of every
    kind of writer. `disagreement` is how far, in nats, the two readings of the
    document point in opposite directions, and `most_disagreement` what was still
    usual among the texts the detector was fitted on.
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
    language: str | None = None
    quoted_share: float = 0.0
    error_rows: tuple[ErrorRow, ...] = ()
    genres: tuple[str, ...] = ()
    genre_measured: bool = True
    declared_genre: str | None = None
    declared_writer: str | None = None
    disagreement: float = 0.0
    most_disagreement: float = math.inf

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
        if self.language not in (None, ENGLISH) or self.known_words < self.fewest_known:
            return Reason.LANGUAGE
        if self.words < self.shortest_words:
            return Reason.TOO_SHORT
        if not self.operating_point.reachable:
            return Reason.INSUFFICIENT
        if self._reaches_a_cut_point:
            return next(iter(self._doubts), None)
        return None if self.probability <= self.operating_point.clear else Reason.BETWEEN

    @property
    def notes(self) -> tuple[Reason, ...]:
        """What would have withheld a flag, or did so beside the reason; empty where nothing is measurable."""
        return tuple(doubt for doubt in self._doubts if doubt != self.reason) if self.measurable else ()

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
        return Verdict.MIXED if self._reaches_a_cut_point else Verdict.LIKELY_HUMAN

    @property
    def error_row(self) -> ErrorRow | None:
        """The error rate to go by: of those that apply, the one whose interval reaches highest."""
        return worst(self.error_rows)

    @property
    def _reaches_a_cut_point(self) -> bool:
        point = self.operating_point
        return self.probability >= point.document or self.strongest_run[2] >= point.run

    @property
    def _doubts(self) -> tuple[Reason, ...]:
        """Why this text should not be flagged, whatever its probability."""
        doubts = {
            Reason.QUOTED: self.quoted_share > MOST_QUOTED,
            Reason.GENRE: not self.genre_measured,
            Reason.DISAGREE: self.disagreement > self.most_disagreement,
        }
        return tuple(reason for reason, holds in doubts.items() if holds)

    def flags(self, score: SentenceScore) -> bool:
        """Whether a sentence is marked: only in flagged documents, at and above the lower cut point."""
        flagged = self.verdict in (Verdict.LIKELY_AI, Verdict.MIXED)
        return flagged and score.probability >= self.operating_point.sentence

    @cached_property
    def share_flagged(self) -> float:
        """Share of the sentences' characters that is marked."""
        marked = sum(s.sentence.span.length for s in self.sentences if self.flags(s))
        return marked / sum(s.sentence.span.length for s in self.sentences)

    @cached_property
    def breakdown(self) -> Breakdown:
        """The sentences' characters by how each of them reads, at this operating point."""
        return Breakdown.of(self.sentences, self.operating_point.sentence, self.operating_point.even)

    @property
    def covered(self) -> Span:
        """From the first sentence's start to the last one's end."""
        return Span(self.sentences[0].sentence.span.start, self.sentences[-1].sentence.span.end)
