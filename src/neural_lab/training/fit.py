"""Fit the fusion: a shape per signal, a bounded deduction, and Platt scaling by length."""

from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize
from scipy.special import expit
from sklearn.linear_model import LogisticRegression

from neural_lab.detect.fusion import Band, Fusion, Shape
from neural_lab.detect.signals import FUSED
from neural_lab.training.measured import Measured
from neural_lab.types import Floats

QUANTILES = (0.02, 0.25, 0.5, 0.75, 0.98)
DEGREES, BEND = 4, 1.0
BANDS, ENDLESS = (0, 75, 150, 300, 600), 10**9
ENOUGH = 50
REGULARISATION = 0.0003
CAP_QUANTILE = 0.95
PLAIN = Band(0, 1.0, 0.0)


def fit_fusion(data: Measured, weights: Floats) -> Fusion:
    """An uncalibrated fusion of `data`; `weights` has one entry a document.

    Every sentence bears its writer's label and its share of the document's
    weight. Signs come out of the fit; only the deduction for typing errors is
    held to be a deduction.
    """
    labels = data.marked
    bases = [Basis.of(signal) for signal in data.signals.T]
    cap = max(float(np.quantile(data.evidence[labels == 0], CAP_QUANTILE)), 1e-6)
    columns = [basis(signal) for basis, signal in zip(bases, data.signals.T, strict=True)]
    design = np.column_stack((*columns, np.minimum(data.evidence, cap) / cap))
    share = data.characters / np.bincount(data.document, data.characters)[data.document]
    sample = share * weights[data.document]
    model = LogisticRegression(C=REGULARISATION, max_iter=1000)
    model.fit(design, labels, sample_weight=sample / sample.mean())
    *per_signal, last = np.split(model.coef_[0], range(DEGREES, DEGREES * len(bases) + 1, DEGREES))
    shapes = {n: basis.shape(c) for n, basis, c in zip(FUSED, bases, per_signal, strict=True)}
    deduction = max(0.0, -float(last[0]))
    return Fusion(shapes, float(model.intercept_[0]), deduction / cap, deduction, (PLAIN,))


@dataclass(frozen=True)
class Basis:
    """Four columns for one signal: a straight line, and a bend at each inner knot that costs more."""

    knots: Floats
    centre: Floats
    scale: float

    @classmethod
    def of(cls, signal: Floats) -> "Basis":
        known = signal[np.isfinite(signal)]
        # Texts of one or two sentences have no burstiness at all.
        known = known if len(known) else np.zeros(1)
        knots = _apart(np.quantile(known, QUANTILES))
        scale = float(np.clip(known, knots[0], knots[-1]).std()) or 1.0
        return cls(knots, cls(knots, np.zeros(DEGREES), scale)._columns(known).mean(axis=0), scale)

    def __call__(self, signal: Floats) -> Floats:
        """`[sentences, DEGREES]`, each column zero on average and where the signal is undefined."""
        centred = self._columns(np.nan_to_num(signal)) - self.centre
        return np.where(np.isfinite(signal)[:, None], centred, 0.0)

    def shape(self, coefficients: Floats) -> Shape:
        values = (self._columns(self.knots) - self.centre) @ coefficients
        return Shape(tuple(self.knots.tolist()), tuple(values.tolist()))

    def _columns(self, signal: Floats) -> Floats:
        inside = np.clip(signal, self.knots[0], self.knots[-1])
        bends = [BEND * np.maximum(inside - knot, 0.0) for knot in self.knots[1:-1]]
        return np.column_stack((inside, *bends)) / self.scale


def _apart(knots: Floats) -> Floats:
    """Ascending knots even where a signal has a point mass."""
    step = max(float(knots[-1] - knots[0]), 1e-6) * 1e-3
    return np.maximum.accumulate(knots + step * np.arange(len(knots)))


def logits(fusion: Fusion, data: Measured) -> Floats:
    """Uncalibrated log-odds of every sentence."""
    columns = dict(zip(FUSED, data.signals.T, strict=True))
    terms = replace(fusion, bands=(PLAIN,)).contributions(columns, data.evidence, 0)
    return np.asarray(np.sum(list(terms.values()), axis=0), dtype=np.float64)


def scaled(bands: tuple[Band, ...], logit: Floats, data: Measured) -> Floats:
    """Calibrated log-odds of every sentence, each document in its band."""
    at = np.searchsorted([band.minimum_words for band in bands], data.words, side="right") - 1
    slope, intercept = np.array([(band.slope, band.intercept) for band in bands])[at].T
    return np.asarray(slope[data.document] * logit + intercept[data.document])


def calibrate(held_out: Floats, data: Measured, weights: Floats) -> tuple[Band, ...]:
    """Per length band, the affine map of `held_out` sentence logits that makes the document mean calibrated.

    `held_out` comes from fusions that did not see the document's source. Minimises
    the weighted log loss of the character-weighted mean probability (Platt 1999),
    classes alike in every band. A band with few documents of either class from
    sources that have both takes the map of the band below it, the lowest that of
    all lengths: genre and class would be one thing there.
    """
    bands: list[Band] = []
    pooled = _pooled(held_out, data, weights)
    for low, high in pairwise((*BANDS, ENDLESS)):
        inside = data.pure & (data.words >= low) & (data.words < high)
        both = inside & data.two_sided
        if np.bincount(data.label[both], minlength=2).min() < ENOUGH:
            bands.append(replace(bands[-1] if bands else pooled, minimum_words=low))
            continue
        even = evened(weights[inside], data.label[inside])
        bands.append(Band(low, *_platt(held_out[inside[data.document]], data.where(inside), even)))
    return tuple(bands)


def _pooled(held_out: Floats, data: Measured, weights: Floats) -> Band:
    """One map for all lengths, where the shortest bands have too few texts for their own."""
    kept = data.pure & (data.two_sided if data.two_sided.any() else True)
    even = evened(weights[kept], data.label[kept])
    return Band(0, *_platt(held_out[kept[data.document]], data.where(kept), even))


def evened(weight: Floats, label: NDArray[np.int64]) -> Floats:
    """`weight` scaled so that both classes weigh the same and the mean is one."""
    sums = np.maximum(np.bincount(label, weight, 2), 1e-12)
    return np.asarray(weight / sums[label] * len(weight) / 2)


def _platt(logit: Floats, data: Measured, weights: Floats) -> tuple[float, float]:
    def loss(parameters: NDArray[np.float64]) -> float:
        p = np.clip(data.mean(expit(np.exp(parameters[0]) * logit + parameters[1])), 1e-9, 1 - 1e-9)
        return float(-np.average(np.where(data.label == 1, np.log(p), np.log1p(-p)), weights=weights))

    best = minimize(loss, np.zeros(2), method="Nelder-Mead").x
    return float(np.exp(best[0])), float(best[1])
