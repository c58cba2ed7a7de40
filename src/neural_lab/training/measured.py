"""Labelled examples after measurement, on disk as arrays: rows of sentences, of passages, of documents."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from neural_lab.detect.signals import FUSED
from neural_lab.training.detection import MIXED
from neural_lab.types import Floats

SENTENCE = ("signals", "evidence", "characters", "marked", "document")
PASSAGE = ("features", "vectors", "borders", "passage_document")
DOCUMENT = (
    "label", "words", "known", "source", "domain", "model", "attack", "writer", "family", "genre", "fold",
)  # fmt: skip
ENOUGH_OF_BOTH = 20
UNRELIABLE = (("raidar", "news_reuters"),)
"""Source and domain of texts whose label cannot be believed.

Many "human" news of that set speak of "John Doe, CEO of an e-commerce company". The readers
and the ensemble had learnt from them before that was seen; nothing is fitted to, calibrated
or counted on them.
"""


@dataclass(frozen=True)
class Measured:
    """Three tables in one.

    A row a sentence: `signals` `[sentences, FUSED]`, `evidence`, `characters`,
    `marked` (1 where a machine wrote it) and `document`, its owner. A row a
    passage: `features`, `vectors`, `borders` (first and last-plus-one sentence, as
    numbered in the sentence table) and `passage_document`. The other arrays have one entry a document.
    """

    signals: Floats
    evidence: Floats
    characters: Floats
    marked: NDArray[np.int64]
    document: NDArray[np.int64]
    features: NDArray[np.float32]
    vectors: NDArray[np.float16]
    borders: NDArray[np.int64]
    passage_document: NDArray[np.int64]
    label: NDArray[np.int64]
    words: NDArray[np.int64]
    known: Floats
    source: NDArray[np.str_]
    domain: NDArray[np.str_]
    model: NDArray[np.str_]
    attack: NDArray[np.str_]
    writer: NDArray[np.str_]
    family: NDArray[np.str_]
    genre: NDArray[np.str_]
    fold: NDArray[np.int64]

    @cached_property
    def pure(self) -> NDArray[np.bool_]:
        """Per document, whether one kind of writer wrote all of it."""
        return self.label < MIXED

    @cached_property
    def trusted(self) -> NDArray[np.bool_]:
        """Per document, whether its label can be believed."""
        named = [(self.source == source) & (self.domain == domain) for source, domain in UNRELIABLE]
        return np.asarray(~np.any(named, axis=0))

    @cached_property
    def two_sided(self) -> NDArray[np.bool_]:
        """Per document, whether its source has texts of both classes to tell apart."""
        names, number = np.unique(self.source, return_inverse=True)
        counts = [np.bincount(number[self.label == label], minlength=len(names)) for label in (0, 1)]
        return np.asarray((np.min(counts, axis=0) >= ENOUGH_OF_BOTH)[number])

    def save(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        names = (*SENTENCE, *PASSAGE, *DOCUMENT)
        # Under another name first: what an interrupt leaves behind must not pass for a measurement.
        unfinished = path.with_suffix(".unfinished.npz")
        np.savez_compressed(unfinished, **{name: getattr(self, name) for name in names})
        unfinished.replace(path)

    @classmethod
    def load(cls, path: Path) -> "Measured":
        with np.load(path, allow_pickle=False) as arrays:
            return cls(**{name: arrays[name] for name in arrays})

    def where(self, documents: NDArray[np.bool_]) -> "Measured":
        """Only the marked documents, numbered anew."""
        number, rows = np.cumsum(documents) - 1, documents[self.document]
        passages = documents[self.passage_document]
        kept = {name: getattr(self, name)[rows] for name in SENTENCE}
        kept |= {name: getattr(self, name)[passages] for name in PASSAGE}
        kept |= {name: getattr(self, name)[documents] for name in DOCUMENT}
        kept["document"] = number[self.document[rows]]
        kept["passage_document"] = number[self.passage_document[passages]]
        kept["borders"] = np.concatenate(([0], np.cumsum(rows)))[self.borders[passages]]
        return Measured(**kept)

    def mean(self, value: Floats) -> Floats:
        """Character-weighted mean per document of a value per sentence."""
        weight = np.bincount(self.document, self.characters, len(self.label))
        return np.asarray(np.bincount(self.document, self.characters * value, len(self.label)) / weight)

    def with_ensemble(self, log_odds: Floats) -> "Measured":
        """The last signal set from `log_odds` `[passages]`: a sentence has the mean of its passages."""
        total = np.zeros(len(self.document) + 1)
        count = np.zeros(len(self.document) + 1)
        for sums, value in ((total, log_odds), (count, np.ones(len(log_odds)))):
            np.add.at(sums, self.borders[:, 0], value)
            np.add.at(sums, self.borders[:, 1], -value)
        mean = np.cumsum(total)[:-1] / np.maximum(np.rint(np.cumsum(count)[:-1]), 1)
        signals = self.signals.copy()
        signals[:, FUSED.index("ensemble")] = mean
        return replace(self, signals=signals)


def joined(parts: Sequence[Measured]) -> Measured:
    """The documents of `parts` in one row, numbered on."""
    names = (*SENTENCE, *PASSAGE, *DOCUMENT)
    columns = {name: np.concatenate([getattr(part, name) for part in parts]) for name in names}
    for name, owner in (("document", "label"), ("passage_document", "label"), ("borders", "document")):
        offsets = np.cumsum([0, *(len(getattr(part, owner)) for part in parts[:-1])])
        moved = [getattr(part, name) + offset for part, offset in zip(parts, offsets, strict=True)]
        columns[name] = np.concatenate(moved)
    return Measured(**columns)
