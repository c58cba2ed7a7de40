"""Fit the fusion: a shape per signal, a bounded deduction, and Platt scaling by length."""

from collections.abc import Mapping
from dataclasses import replace
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize
from scipy.special import expit
from sklearn.linear_model import LogisticRegression

from neural_lab.detect.fusion import Band, Fusion, Shape
from neural_lab.detect.signals import SIGNALS
from neural_lab.training.measured import Measured
from neural_lab.types import Floats

QUANTILES = (0.02, 0.25, 0.5, 0.75, 0.98)
BANDS, ENDLESS = (0, 75, 150, 300), 10**9
REGULARISATION = 0.003
CAP_QUANTILE = 0.95
PLAIN = Band(0, 1.0, 0.0)


def fit_fusion(data: Measured, weights: Floats) -> Fusion:
    """An uncalibrated fusion of `data`; `weights` has one entry a document.

    Every sentence bears its document's label and its share of the document's
    weight. Signs come out of the fit; only the deduction for typing errors is
    held to be a deduction.
    """
    labels = data.label[data.document]
    knots = [tuple(np.unique(np.nanquantile(column, QUANTILES)).tolist()) for column in data.signals.T]
    cap = max(float(np.quantile(data.evidence[labels == 0], CAP_QUANTILE)), 1e-6)
    design = np.column_stack((*_design(data.signals, knots), np.minimum(data.evidence, cap)))
    centre, scale = design.mean(axis=0), design.std(axis=0) + 1e-6
    share = data.characters / np.bincount(data.document, data.characters)[data.document]
    sample = share * weights[data.document]
    model = LogisticRegression(C=REGULARISATION, max_iter=500)
    model.fit((design - centre) / scale, labels, sample_weight=sample / sample.mean())
    coefficients = model.coef_[0] / scale
    shapes, offset = _shapes(knots, coefficients, data.signals)
    bias = float(model.intercept_[0] - coefficients @ centre + offset)
    weight = max(0.0, -float(coefficients[-1]))
    return Fusion(shapes, bias, weight, weight * cap, (PLAIN,))


def _design(signals: Floats, knots: list[tuple[float, ...]]) -> list[Floats]:
    """One column a knot but the first: how near a signal is to it; undefined, it is equally near to all."""
    columns = []
    for signal, places in zip(signals.T, knots, strict=True):
        for at in range(1, len(places)):
            near = np.interp(signal, places, np.eye(len(places))[at])
            columns.append(np.where(np.isfinite(signal), near, 1 / len(places)))
    return columns


def _shapes(
    knots: list[tuple[float, ...]], coefficients: Floats, signals: Floats
) -> tuple[Mapping[str, Shape], float]:
    """Shapes whose values average to zero over `signals`, and what the bias gains by that."""
    shapes, offset, at = {}, 0.0, 0
    for name, places, signal in zip(SIGNALS, knots, signals.T, strict=True):
        values = np.concatenate(([0.0], coefficients[at : at + len(places) - 1]))
        at += len(places) - 1
        mean = float(np.interp(signal[np.isfinite(signal)], places, values).mean())
        shapes[name] = Shape(places, tuple((values - mean).tolist()))
        offset += mean
    return shapes, offset


def logits(fusion: Fusion, data: Measured) -> Floats:
    """Uncalibrated log-odds of every sentence."""
    columns = dict(zip(SIGNALS, data.signals.T, strict=True))
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
    the weighted log loss of the character-weighted mean probability (Platt 1999).
    """
    bands = []
    for low, high in pairwise((*BANDS, ENDLESS)):
        inside = (data.words >= low) & (data.words < high)
        part, rows = data.where(inside), inside[data.document]
        bands.append(Band(low, *_platt(held_out[rows], part, weights[inside])))
    return tuple(bands)


def _platt(logit: Floats, data: Measured, weights: Floats) -> tuple[float, float]:
    def loss(parameters: NDArray[np.float64]) -> float:
        p = np.clip(data.mean(expit(np.exp(parameters[0]) * logit + parameters[1])), 1e-9, 1 - 1e-9)
        return float(-np.average(np.where(data.label == 1, np.log(p), np.log1p(-p)), weights=weights))

    best = minimize(loss, np.zeros(2), method="Nelder-Mead").x
    return float(np.exp(best[0])), float(best[1])
