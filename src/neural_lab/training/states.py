"""What an encoder made of measured passages, kept so that heads fitted afterwards can read it."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from neural_lab.detect.encoded import Encoded, Head, read
from neural_lab.detect.passage_features import PASSAGE_FEATURES
from neural_lab.detect.signals import FUSED
from neural_lab.text.passages import Passage
from neural_lab.training.measured import Measured
from neural_lab.types import Encoding, Floats

SIGNAL, FIRST = FUSED.index("encoder"), PASSAGE_FEATURES.index("encoder")
FIGURES = slice(FIRST, FIRST + 4)
"""The columns of `Measured.features` that a head fills."""


@dataclass(frozen=True, eq=False)
class States:
    """A row a sentence of every passage, in order: `vectors` `[rows, width]` and the `tokens` of each."""

    vectors: NDArray[np.float32]
    tokens: NDArray[np.int64]

    @classmethod
    def of(cls, encodings: Sequence[Encoding]) -> "States":
        return cls.joined([cls(encoding.vectors, encoding.tokens) for encoding in encodings])

    @classmethod
    def joined(cls, parts: Sequence["States"]) -> "States":
        return cls(*(np.concatenate([getattr(p, name) for p in parts]) for name in ("vectors", "tokens")))

    def save(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        unfinished = path.with_suffix(".unfinished.npz")
        np.savez(unfinished, vectors=self.vectors, tokens=self.tokens)
        unfinished.replace(path)

    @classmethod
    def load(cls, path: Path) -> "States":
        with np.load(path, allow_pickle=False) as arrays:
            return cls(arrays["vectors"], arrays["tokens"])

    def means(self, data: Measured) -> Floats:
        """The mean state of each passage of `data`, `[passages, width]`, over its tokens."""
        return np.array([_mean(encoding) for encoding in self.each(data)])

    def each(self, data: Measured) -> Iterator[Encoding]:
        """An encoding per passage of `data`."""
        ends = np.cumsum(data.borders[:, 1] - data.borders[:, 0])[:-1]
        pairs = zip(np.split(self.vectors, ends), np.split(self.tokens, ends), strict=True)
        return (Encoding(*pair) for pair in pairs)


def _mean(encoding: Encoding) -> Floats:
    whole = [Passage(0, 0, len(encoding.tokens))]
    return np.asarray(read(whole, [encoding], silent_head(encoding.vectors.shape[1])).vectors[0])


def silent_head(width: int) -> Head:
    """A head that says nothing: what stands in the place of one that is yet to be fitted."""
    return Head(np.zeros(width), 0.0)


def read_by(data: Measured, states: States, heads: Mapping[int, Head]) -> Measured:
    """`data` with what the head of each document's fold says about it, as a second reader would say it."""
    signals, features = data.signals.copy(), data.features.copy()
    encodings = list(states.each(data))
    for at, fold in enumerate(data.fold.tolist()):
        sentences = slice(*np.searchsorted(data.document, (at, at + 1)))
        rows = slice(*np.searchsorted(data.passage_document, (at, at + 1)))
        encoded = _encoded(data.borders[rows] - sentences.start, encodings[rows], heads[fold])
        signals[sentences, SIGNAL] = encoded.log_odds
        features[rows, FIGURES] = encoded.figures.astype(np.float32)
    return replace(data, signals=signals, features=features)


def _encoded(borders: NDArray[np.int64], encodings: Sequence[Encoding], head: Head) -> Encoded:
    passages = [Passage(start, start, end) for start, end in borders.tolist()]
    return read(passages, encodings, head)
