"""What the lab does with one document."""

import numpy as np

from neural_lab.detect.detector import Detector
from neural_lab.detect.human_evidence import Evidence, find_evidence, rate
from neural_lab.detect.lexicon import Lexicon
from neural_lab.detect.neighbourhood import Neighbourhood
from neural_lab.detect.signals import SIGNALS, measure
from neural_lab.errors import InvalidRequest
from neural_lab.outcome import Report, SentenceScore
from neural_lab.ports import TokenScorer
from neural_lab.text.canonical import Canonical, canonicalize, findings
from neural_lab.text.sentences import segment
from neural_lab.text.words import count_words
from neural_lab.types import Document, Finding, FindingKind, Sentence, Span


class Lab:
    """One detector with the language model and the lexicon it was fitted on."""

    def __init__(self, detector: Detector, scorer: TokenScorer, lexicon: Lexicon) -> None:
        self.detector = detector
        self._scorer = scorer
        self._lexicon = lexicon

    def analyze(self, document: Document, target: float = 0.01) -> Report:
        """Read every sentence in its context and say how it reads, at a target false-positive rate.

        Raises `InvalidRequest` for a target the detector has no cut points for,
        and `ScoringFailed` when the model's answer is not finite.
        """
        if target not in self.detector.targets:
            raise InvalidRequest("unknown_target", f"target has to be one of {self.detector.targets}.")
        canonical, sentences = canonicalize(document.text), segment(document.text)
        words, spans = count_words(canonical.text), _canonical_spans(canonical, sentences)
        evidence = find_evidence(canonical.text, self._lexicon)
        scores = self._fuse(canonical.text, sentences, spans, evidence, words)
        point = self.detector.operating_point(words, target)
        name, version, shortest = self.detector.name, self.detector.version, self.detector.shortest_words
        seen, slips = tuple(findings(canonical)), tuple(_typing_errors(canonical, evidence))
        return Report(document, name, version, scores, point, words, shortest, seen, slips)

    def _fuse(
        self, text: str, sentences: list[Sentence], spans: list[Span], evidence: list[Evidence], words: int
    ) -> tuple[SentenceScore, ...]:
        tokens = self._scorer.score([text])[0]
        matrix = measure(text, spans, tokens, self._lexicon)
        columns = dict(zip(SIGNALS, matrix.T, strict=True))
        terms = self.detector.fusion.contributions(
            columns, rate(evidence, text, spans, Neighbourhood(len(spans))), words
        )
        return tuple(
            SentenceScore(
                sentence,
                {name: float(v[i]) for name, v in columns.items() if np.isfinite(v[i])},
                {name: float(v[i]) for name, v in terms.items()},
            )
            for i, sentence in enumerate(sentences)
        )


def _canonical_spans(canonical: Canonical, sentences: list[Sentence]) -> list[Span]:
    edges = np.array([sentence.span for sentence in sentences])
    return [Span(int(start), int(end)) for start, end in canonical.canonical(edges)]


def _typing_errors(canonical: Canonical, evidence: list[Evidence]) -> list[Finding]:
    if not evidence:
        return []
    starts = canonical.original(np.array([e.span.start for e in evidence]))
    ends = canonical.original(np.array([e.span.end for e in evidence]), end=True)
    return [
        Finding(FindingKind.TYPING_ERROR, Span(int(start), int(end)), f"{e.kind}: {e.detail}")
        for e, start, end in zip(evidence, starts, ends, strict=True)
    ]
