"""Signals and human evidence to the log-odds of each sentence, as terms that add up exactly."""

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np

from neural_lab.types import Floats

BIAS, EVIDENCE = "bias", "human_evidence"
LARGEST = 15.0


@dataclass(frozen=True)
class Shape:
    """How one signal moves the log-odds: straight lines between `knots`, level beyond them.

    Level ends bound what any one signal can do. A sentence in which the signal
    is undefined gets no contribution from it; `values` average to zero over the
    fitting data.
    """

    knots: tuple[float, ...]
    values: tuple[float, ...]

    def __post_init__(self) -> None:
        if len(self.knots) != len(self.values) or any(b <= a for a, b in pairwise(self.knots)):
            raise ValueError("a shape needs ascending knots, one value each")

    def __call__(self, signal: Floats) -> Floats:
        return np.where(np.isfinite(signal), np.interp(signal, self.knots, self.values), 0.0)


@dataclass(frozen=True)
class Band:
    """Platt scaling of the log-odds for documents of `minimum_words` and more: slope·logit + intercept."""

    minimum_words: int
    slope: float
    intercept: float


@dataclass(frozen=True)
class Fusion:
    """An additive logistic model (Hastie and Tibshirani 1986) over signals, with a bounded deduction.

    `evidence_weight` nats are deducted per typing error in a hundred words, and
    never more than `evidence_cap`. Bands ascend; the first begins at zero words.
    """

    shapes: Mapping[str, Shape]
    bias: float
    evidence_weight: float
    evidence_cap: float
    bands: tuple[Band, ...]

    def band(self, words: int) -> Band:
        return [band for band in self.bands if band.minimum_words <= words][-1]

    def contributions(self, signals: Mapping[str, Floats], evidence: Floats, words: int) -> dict[str, Floats]:
        """One array per term, `[sentences]`, nats; their sum is the calibrated log-odds."""
        band = self.band(words)
        terms = {name: band.slope * shape(signals[name]) for name, shape in self.shapes.items()}
        deduction = np.minimum(self.evidence_weight * evidence, self.evidence_cap)
        bias = np.full(len(evidence), band.slope * self.bias + band.intercept)
        return _bounded({BIAS: bias} | terms | {EVIDENCE: -band.slope * deduction})

    def as_dict(self) -> dict[str, Any]:
        return {
            "shapes": {name: {"knots": s.knots, "values": s.values} for name, s in self.shapes.items()},
            "bias": self.bias,
            "evidence_weight": self.evidence_weight,
            "evidence_cap": self.evidence_cap,
            "bands": [[b.minimum_words, b.slope, b.intercept] for b in self.bands],
        }

    @classmethod
    def from_dict(cls, table: Mapping[str, Any]) -> "Fusion":
        shapes = {n: Shape(tuple(s["knots"]), tuple(s["values"])) for n, s in table["shapes"].items()}
        bands = tuple(Band(int(words), slope, intercept) for words, slope, intercept in table["bands"])
        return cls(shapes, table["bias"], table["evidence_weight"], table["evidence_cap"], bands)


def _bounded(terms: dict[str, Floats]) -> dict[str, Floats]:
    """Terms shrunk alike where their sum is beyond ±15: a probability then tells its log-odds to 1e-9."""
    total = np.abs(np.sum(list(terms.values()), axis=0))
    shrink = LARGEST / np.maximum(total, LARGEST)
    return {name: term * shrink for name, term in terms.items()}
