"""Small, real reports to test what is shown of them."""

from __future__ import annotations

import importlib
import math
import os
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import pytest

from neural_lab.errors import ScoringFailed
from neural_lab.outcome import ErrorRow, OperatingPoint, Report, SentenceScore
from neural_lab.types import Document, Finding, FindingKind, Page, Sentence, Span

REFERENCE = {
    "log_perplexity": {"human": [3.1, 3.9, 4.8], "machine": [2.0, 2.5, 3.2]},
    "entropy": {"human": [2.6, 3.1, 3.6], "machine": [2.1, 2.6, 3.0]},
    "burstiness": {"human": [0.3, 0.55, 0.9], "machine": [0.15, 0.28, 0.5]},
    "lexical_uniqueness": {"human": [0.62, 0.74, 0.85], "machine": [0.58, 0.69, 0.8]},
    "curvature": {"human": [-0.6, 0.2, 1.2], "machine": [0.9, 2.2, 3.6]},
}
POINT = OperatingPoint(0.01, "150-299", 150, 299, 0.72, 0.8, 3, 412, (0.0025, 0.0212))
ABSTRACTS = ErrorRow("genre", "abstracts", 0.01, 150, None, 3, 412, (0.0025, 0.0212), 120, 300)
LEARNERS = ErrorRow("writer", "non_native", 0.01, 150, None, 8, 200, (0.0204, 0.0769))
NATIVES = ErrorRow("writer", "native", 0.01, 150, None, 1, 200, (0.0009, 0.0278))
ROWS = (ABSTRACTS, LEARNERS, NATIVES)


def needed(module: str, extra: str = "train") -> Any:
    """An optional module: without it a laptop skips and says so, continuous integration fails."""
    if os.environ.get("CI"):
        return importlib.import_module(module)
    return pytest.importorskip(module, reason=f"{module} is not installed: make test EXTRAS=dev,{extra}")


def says_when_to_come_back(status: int, headers: Mapping[str, str]) -> None:
    """What every 429 and every 503 owes, whichever test it comes up in."""
    if status in (429, 503):
        assert int(headers["retry-after"]) >= 1


def score(index: int, span: Span, probability: float) -> SentenceScore:
    """A sentence whose contributions add up to the log-odds of `probability`."""
    logit = math.log(probability / (1 - probability))
    signals = {
        "log_perplexity": 3.6 - 0.4 * logit,
        "entropy": 2.9 - 0.1 * logit,
        "curvature": 1.0 + 0.5 * logit,
        "burstiness": 0.4 - 0.04 * logit,
        "lexical_uniqueness": 0.72,
        "connective_rate": 0.02,
    }
    terms = {"bias": -0.4, "log_perplexity": 0.5 * logit, "curvature": 0.35 * logit, "human_evidence": -0.1}
    return SentenceScore(
        Sentence(index, span), signals, {**terms, "passage": logit - math.fsum(terms.values())}
    )


def spans(sentences: Sequence[str]) -> tuple[Span, ...]:
    """Where each sentence stands when they are joined by single spaces."""
    found, at = [], 0
    for sentence in sentences:
        found.append(Span(at, at + len(sentence)))
        at += len(sentence) + 1
    return tuple(found)


def report(
    sentences: Sequence[str] = ("One plain sentence.", "Another, rather longer, sentence follows it."),
    probabilities: Sequence[float] = (0.9, 0.97),
    *,
    title: str = "An essay",
    path: str = "essay.txt",
    words: int = 200,
    findings: Sequence[Finding] = (),
    pages: Sequence[Page] = (),
    point: OperatingPoint = POINT,
    **more: Any,
) -> Report:
    """A report on `sentences`, one probability each; `more` are further fields of it."""
    document = Document(" ".join(sentences), title, path, tuple(pages))
    placed = zip(spans(sentences), probabilities, strict=True)
    scores = tuple(score(index, span, p) for index, (span, p) in enumerate(placed))
    made = Report(document, "test-detector", "1.2.3", scores, point, words, 60, tuple(findings))
    return replace(made, **more)


def hidden(start: int, end: int, detail: str = "") -> Finding:
    return Finding(FindingKind.HIDDEN, Span(start, end), detail)


class Lab:
    """The smallest thing that analyses: a document is one sentence, and all have one probability."""

    def __init__(self, probability: float = 0.9) -> None:
        self.probability = probability

    def analyze(
        self, document: Document, target: float = 0.01, genre: str | None = None, writer: str | None = None
    ) -> Report:
        if "unscorable" in document.text:
            raise ScoringFailed("not_finite", "The model's answer is not finite.")
        whole = Span(0, len(document.text))
        point = replace(POINT, target=target)
        sentences = (score(0, whole, self.probability),)
        made = Report(document, "small", "1", sentences, point, len(document.text.split()), 60)
        return replace(made, declared_genre=genre, declared_writer=writer, error_rows=ROWS)
