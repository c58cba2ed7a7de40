"""A document as an encoder read it: log-odds of its sentences, and a vector and figures for its passages."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from neural_lab.text.passages import Passage
from neural_lab.types import Encoding, Floats


@dataclass(frozen=True, eq=False)
class Head:
    """A linear reading of a mean state: `vector @ weight + bias`, in nats; `weight` `[width]`."""

    weight: Floats
    bias: float

    def __call__(self, vectors: Floats) -> Floats:
        return np.asarray(vectors @ self.weight + self.bias, dtype=np.float64)

    def as_dict(self) -> dict[str, Any]:
        return {"weight": self.weight.tolist(), "bias": self.bias}

    @classmethod
    def from_dict(cls, table: Mapping[str, Any]) -> "Head":
        return cls(np.array(table["weight"], dtype=np.float64), float(table["bias"]))


@dataclass(frozen=True, eq=False)
class Encoded:
    """`log_odds` `[sentences]` and `state` `[sentences, width]` are means over a sentence's passages.

    `vectors` `[passages, width]` are mean states, `figures` `[passages, 4]` the
    log-odds of each passage, and the lowest, the highest and the deviation of
    its sentences'.
    """

    log_odds: Floats
    state: Floats
    vectors: Floats
    figures: Floats


def read(passages: Sequence[Passage], encodings: Sequence[Encoding], head: Head) -> Encoded:
    """Put the encodings of a document's passages, in order, side by side."""
    vectors = np.array([_mean(encoding) for encoding in encodings])
    own = [head(encoding.vectors.astype(np.float64)) for encoding in encodings]
    spreads = np.array([_spread(o, e.tokens) for o, e in zip(own, encodings, strict=True)])
    figures = np.column_stack((head(vectors), spreads))
    state = averaged(passages, [encoding.vectors.astype(np.float64) for encoding in encodings])
    return Encoded(head(state), state, vectors, figures)


def averaged(passages: Sequence[Passage], values: Sequence[Floats]) -> Floats:
    """Values per sentence of each passage to one per sentence: the mean over the passages that hold it."""
    total = np.zeros((passages[-1].end, *values[0].shape[1:]))
    count = np.zeros(passages[-1].end)
    for passage, value in zip(passages, values, strict=True):
        total[passage.start : passage.end] += value
        count[passage.start : passage.end] += 1
    return np.asarray(total / count.reshape(-1, *[1] * (total.ndim - 1)))


def spread_out(passages: Sequence[Passage], value: Floats) -> Floats:
    """One value per passage to one per sentence."""
    return averaged(passages, [np.full(p.end - p.start, v) for p, v in zip(passages, value, strict=True)])


def _mean(encoding: Encoding) -> Floats:
    weight = encoding.tokens.astype(np.float64)
    return np.asarray(weight @ encoding.vectors.astype(np.float64) / max(weight.sum(), 1.0))


def _spread(log_odds: Floats, tokens: NDArray[np.int64]) -> tuple[float, float, float]:
    known = log_odds[tokens > 0]
    if not len(known):
        return 0.0, 0.0, 0.0
    return float(known.min()), float(known.max()), float(known.std())
