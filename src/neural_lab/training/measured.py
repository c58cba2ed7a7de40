"""Labelled examples after measurement: one row a sentence, one entry a document, on disk as arrays."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from neural_lab.detect.signals import measure
from neural_lab.ports import TokenScorer
from neural_lab.training.detection import Example
from neural_lab.types import Floats, Span

Evidence = Callable[[str, list[Span]], Floats]


@dataclass(frozen=True)
class Measured:
    """`signals` `[sentences, signals]`, `evidence` and `characters` `[sentences]`, `document` their owner.

    The other arrays have one entry a document.
    """

    signals: Floats
    evidence: Floats
    characters: Floats
    document: NDArray[np.int64]
    label: NDArray[np.int64]
    words: NDArray[np.int64]
    source: NDArray[np.str_]
    domain: NDArray[np.str_]
    attack: NDArray[np.str_]

    def save(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        np.savez_compressed(path, **self.__dict__)

    @classmethod
    def load(cls, path: Path) -> "Measured":
        with np.load(path, allow_pickle=False) as arrays:
            return cls(**{name: arrays[name] for name in arrays})

    def where(self, documents: NDArray[np.bool_]) -> "Measured":
        """Only the marked documents, numbered anew."""
        number = np.cumsum(documents) - 1
        rows = documents[self.document]
        per_document = (a[documents] for a in (self.label, self.words, self.source, self.domain, self.attack))
        sentences = (a[rows] for a in (self.signals, self.evidence, self.characters))
        return Measured(*sentences, number[self.document[rows]], *per_document)

    def mean(self, probability: Floats) -> Floats:
        """Character-weighted mean per document of a value per sentence."""
        weight = np.bincount(self.document, self.characters, len(self.label))
        return np.asarray(np.bincount(self.document, self.characters * probability, len(self.label)) / weight)


def measure_all(examples: Iterable[Example], scorer: TokenScorer, evidence: Evidence) -> Measured:
    """Score and measure each example, in order."""
    signals, typos, characters, owner, documents = [], [], [], [], []
    for number, example in enumerate(examples):
        spans = list(example.sentences)
        signals.append(measure(example.text, spans, scorer.score([example.text])[0]))
        typos.append(evidence(example.text, spans))
        characters.append([float(span.length) for span in spans])
        owner.append(np.full(len(spans), number))
        documents.append(example)
    return Measured(
        np.concatenate(signals),
        np.concatenate(typos),
        np.concatenate(characters),
        np.concatenate(owner),
        *(np.array([getattr(e, name) for e in documents]) for name in ("label", "words", "source", "domain", "attack")),
    )
