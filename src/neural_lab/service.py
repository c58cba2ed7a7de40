"""What the lab does with one document."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from hashlib import blake2b
from typing import Any

import numpy as np

from neural_lab.detect.detector import Detector
from neural_lab.detect.disagreement import disagreement
from neural_lab.detect.distributions import Distributions
from neural_lab.detect.encoded import spread_out
from neural_lab.detect.human_evidence import Evidence, find_evidence, rate
from neural_lab.detect.language import pieces, spoken
from neural_lab.detect.lexicon import Lexicon
from neural_lab.detect.neighbourhood import Neighbourhood
from neural_lab.detect.quotation import quoted_share
from neural_lab.detect.signals import FUSED, SECOND, measure
from neural_lab.detect.wording import Wording
from neural_lab.errors import InvalidDocument, InvalidRequest
from neural_lab.outcome import Report, SentenceScore
from neural_lab.ports import Ensemble, LanguageIdentifier, TokenScorer
from neural_lab.rates import Kind
from neural_lab.second_reader import SecondReader
from neural_lab.text.canonical import Canonical, canonicalize, findings
from neural_lab.text.sentences import segment
from neural_lab.types import Document, Finding, FindingKind, Floats, Offsets, Sentence, Span, TokenScores

MOST_SENTENCES = 100_000
PROBE = """\
The ferry left at seven, an hour late, with nine people and a crate of geese on board. Nobody complained.
It is important to note that such delays, while often unexpected, offer a unique opportunity to reflect on
the rhythms of coastal life. By the time we saw the lighthouse my coffee was cold and the geese slept.
"""
"""A fixed text: computers whose arithmetic is the same read it the same, to the last digit."""

Columns = dict[str, Floats]


@dataclass(frozen=True, slots=True)
class Question:
    """A document, the target false-positive rate to judge it at, and what is declared about it."""

    document: Document
    target: float = 0.01
    genre: str | None = None
    writer: str | None = None


class Lab:
    """One detector with the models and the lexicon it was fitted on.

    Without `languages` every text with enough known words counts as English. `files`
    are the checksums of the bundle it was opened from, by name; `distributions` is for
    drawing alone.
    """

    def __init__(
        self,
        detector: Detector,
        scorer: TokenScorer,
        lexicon: Lexicon,
        second: SecondReader,
        ensemble: Ensemble,
        languages: LanguageIdentifier | None = None,
        files: Mapping[str, str] | None = None,
        distributions: Distributions | None = None,
    ) -> None:
        self.detector = detector
        self.files = dict(files or {})
        self.distributions = distributions
        self._scorer = scorer
        self._lexicon = lexicon
        self.second = second
        self._ensemble = ensemble
        self._languages = languages

    @cached_property
    def identity(self) -> str:
        """One word for detector, models and all that was fitted: equal identities give equal reports."""
        fitted = json.dumps([self.detector.as_dict(), self.files], sort_keys=True)
        parts = (self._scorer.identity, self.second.encoder.identity, fitted)
        return blake2b("\n".join(parts).encode(), digest_size=16).hexdigest()

    @cached_property
    def probe(self) -> tuple[float, ...]:
        """Log-odds of the sentences of `PROBE`: equal on computers that compute alike."""
        report = self.analyze(Document(PROBE), self.detector.targets[0])
        return tuple(score.logit for score in report.sentences)

    def analyze(
        self, document: Document, target: float = 0.01, genre: str | None = None, writer: str | None = None
    ) -> Report:
        """Read every sentence in its context and say how it reads, at a target false-positive rate.

        `genre` and `writer` are what is known of the document; they choose the
        error rates that are shown with it and nothing else. Raises `InvalidRequest`
        for a target the detector has no cut points for or a genre or writer it does
        not know, `InvalidDocument` for more sentences than a report can hold, and
        `ScoringFailed` when the model's answer cannot be used.
        """
        return self.analyze_all([Question(document, target, genre, writer)])[0]

    def analyze_all(self, questions: Sequence[Question]) -> list[Report]:
        """As `analyze` for each, in order; the language model is asked once. One that fails, fails all."""
        for asked in questions:
            self._check(asked.target, asked.genre, asked.writer)
        canonical = [canonicalize(asked.document.text) for asked in questions]
        tokens = self._scorer.score([each.text for each in canonical])
        return [self._report(*each) for each in zip(questions, canonical, tokens, strict=True)]

    def _report(self, asked: Question, canonical: Canonical, tokens: TokenScores) -> Report:
        document, sentences = asked.document, _sentences(asked.document)
        again = segment(canonical.text) if canonical.edits else sentences
        measured = again or [Sentence(0, Span(0, 1))]
        spans = [sentence.span for sentence in measured]
        wording = Wording(canonical.text, self._lexicon)
        words = len(wording.forms)
        evidence = find_evidence(canonical.text, self._lexicon, measured)
        signals, vector = self._signals(wording, spans, tokens)
        slips = rate(evidence, spans, wording.counts(spans), Neighbourhood(len(spans)))
        terms = self.detector.fusion.contributions(signals, slips, words)
        lengths = np.array([sentence.span.length for sentence in measured], dtype=np.float64)
        return Report(
            document,
            self.detector.name,
            self.detector.version,
            _scores(sentences, _standing_in(canonical, sentences, measured), signals, terms),
            self.detector.operating_point(words, asked.target),
            words,
            self.detector.shortest_words,
            tuple(findings(canonical)),
            tuple(_slips(canonical, evidence)),
            wording.known,
            self.detector.fewest_known,
            self._language(canonical.text),
            quoted_share(document.text, document.quoted),
            disagreement=disagreement(terms, lengths, SECOND),
            most_disagreement=self.detector.most_disagreement,
            **self._rates(words, asked, vector),
        )

    def _rates(self, words: int, asked: Question, vector: Floats) -> dict[str, Any]:
        """The fields of a report that say which error rates apply to it, and whether any was measured."""
        known = self.detector.genres
        plausible = known.plausible(vector) if known else ()
        genres = plausible if asked.genre is None else (asked.genre,)
        return {
            "error_rows": self.detector.applicable(words, asked.target, genres, asked.writer),
            "genres": genres,
            "genre_measured": known is None or known.measured(vector),
            "declared_genre": asked.genre,
            "declared_writer": asked.writer,
        }

    def _language(self, text: str) -> str | None:
        if self._languages is None:
            return None
        return spoken(pieces(text), self._languages.identify)

    def _signals(self, wording: Wording, spans: list[Span], tokens: TokenScores) -> tuple[Columns, Floats]:
        """Every signal of the sentences of the canonical text, and the document's mean state `[width]`."""
        matrix = measure(wording.text, spans, tokens, self._lexicon, wording)
        second = self.second.read(wording.text, spans, matrix, tokens)
        ensemble = spread_out(second.passages, self._ensemble.log_odds(second.features))
        lengths = np.array([span.length for span in spans], dtype=np.float64)
        columns = np.column_stack((matrix, second.encoded.log_odds, ensemble))
        vector = np.average(second.encoded.state, axis=0, weights=lengths)
        return dict(zip(FUSED, columns.T, strict=True)), np.asarray(vector)

    def _check(self, target: float, genre: str | None, writer: str | None) -> None:
        if target not in self.detector.targets:
            raise InvalidRequest("unknown_target", f"target has to be one of {self.detector.targets}.")
        self.detector.known_group(Kind.GENRE, genre)
        self.detector.known_group(Kind.WRITER, writer)


def _sentences(document: Document) -> list[Sentence]:
    sentences = segment(document.text)
    if len(sentences) > MOST_SENTENCES:
        message = f"{document.path or 'The text'} has over {MOST_SENTENCES:,} sentences or lines; split it."
        raise InvalidDocument("too_many_sentences", message)
    return sentences


def _standing_in(canonical: Canonical, sentences: list[Sentence], measured: list[Sentence]) -> Offsets:
    """For each sentence of the text as read, the one of the canonical text that holds its middle.

    Line breaks say more about the program a text passed through than about its
    writer, so the canonical text has none, and a heading or list item without a
    full stop is measured with the sentence it runs into there.
    """
    starts = np.array([sentence.span.start for sentence in measured], dtype=np.int64)
    middle = np.array([(s.span.start + s.span.end) // 2 for s in sentences], dtype=np.int64)
    return np.maximum(np.searchsorted(starts, canonical.canonical(middle), side="right") - 1, 0)


def _scores(
    sentences: list[Sentence], standing_in: Offsets, signals: Columns, terms: Columns
) -> tuple[SentenceScore, ...]:
    rows = range(len(next(iter(terms.values()))))
    known = [{name: float(c[i]) for name, c in signals.items() if np.isfinite(c[i])} for i in rows]
    moved = [{name: float(c[i]) for name, c in terms.items()} for i in rows]
    pairs = zip(sentences, standing_in.tolist(), strict=True)
    return tuple(SentenceScore(sentence, known[at], moved[at]) for sentence, at in pairs)


def _slips(canonical: Canonical, evidence: list[Evidence]) -> list[Finding]:
    if not evidence:
        return []
    starts = canonical.original(np.array([e.span.start for e in evidence]))
    ends = canonical.original(np.array([e.span.end for e in evidence]), end=True)
    return [
        Finding(FindingKind.TYPING_ERROR, Span(int(start), int(end)), f"{e.kind}: {e.detail}")
        for e, start, end in zip(evidence, starts, ends, strict=True)
    ]
