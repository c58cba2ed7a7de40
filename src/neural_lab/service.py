"""What the lab does with one document."""

import numpy as np

from neural_lab.detect.detector import Detector
from neural_lab.detect.human_evidence import Evidence, find_evidence, rate
from neural_lab.detect.lexicon import Lexicon
from neural_lab.detect.neighbourhood import Neighbourhood
from neural_lab.detect.signals import SIGNALS, measure
from neural_lab.detect.word_signals import known_words
from neural_lab.errors import InvalidDocument, InvalidRequest
from neural_lab.outcome import Report, SentenceScore
from neural_lab.ports import TokenScorer
from neural_lab.text.canonical import Canonical, canonicalize, findings
from neural_lab.text.sentences import segment
from neural_lab.text.words import count_words
from neural_lab.types import Document, Finding, FindingKind, Floats, Offsets, Sentence, Span

MOST_SENTENCES = 100_000

Columns = dict[str, Floats]


class Lab:
    """One detector with the language model and the lexicon it was fitted on."""

    def __init__(self, detector: Detector, scorer: TokenScorer, lexicon: Lexicon) -> None:
        self.detector = detector
        self._scorer = scorer
        self._lexicon = lexicon

    def analyze(self, document: Document, target: float = 0.01) -> Report:
        """Read every sentence in its context and say how it reads, at a target false-positive rate.

        Raises `InvalidRequest` for a target the detector has no cut points for,
        `InvalidDocument` for more sentences than a report can hold, and
        `ScoringFailed` when the model's answer cannot be used.
        """
        self._check(target)
        canonical, sentences = canonicalize(document.text), _sentences(document)
        measured = segment(canonical.text) or [Sentence(0, Span(0, 1))]
        words = count_words(canonical.text)
        evidence = find_evidence(canonical.text, self._lexicon, measured)
        signals, terms = self._measure(canonical.text, measured, evidence, words)
        return Report(
            document,
            self.detector.name,
            self.detector.version,
            _scores(sentences, _standing_in(canonical, sentences, measured), signals, terms),
            self.detector.operating_point(words, target),
            words,
            self.detector.shortest_words,
            tuple(findings(canonical)),
            tuple(_slips(canonical, evidence)),
            known_words(canonical.text, self._lexicon),
            self.detector.fewest_known,
        )

    def _measure(
        self, text: str, measured: list[Sentence], evidence: list[Evidence], words: int
    ) -> tuple[Columns, Columns]:
        """Signals and contributions, a column each, of the sentences of the canonical text."""
        spans = [sentence.span for sentence in measured]
        matrix = measure(text, spans, self._scorer.score([text])[0], self._lexicon)
        signals = dict(zip(SIGNALS, matrix.T, strict=True))
        slips = rate(evidence, text, spans, Neighbourhood(len(spans)))
        return signals, self.detector.fusion.contributions(signals, slips, words)

    def _check(self, target: float) -> None:
        if target not in self.detector.targets:
            raise InvalidRequest("unknown_target", f"target has to be one of {self.detector.targets}.")


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
