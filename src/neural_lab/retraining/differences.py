"""Paired differences of two detectors on the same texts, by resampling and by the mean of differences."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from neural_lab.training.comparisons import Difference
from neural_lab.training.figures import Z
from neural_lab.types import Floats

Measure = Callable[[NDArray[np.int64], Floats], float]


def resampled(
    measure: Measure,
    label: NDArray[np.int64],
    first: Floats,
    second: Floats,
    draws: int,
    seed: int,
) -> Difference:
    """`measure` of the first less that of the second, with the 95 % interval of a paired bootstrap.

    Texts are drawn within their class (Efron and Tibshirani 1993, chapter 16).
    """
    rng = np.random.default_rng(seed)
    sides = [np.flatnonzero(label == each) for each in (0, 1)]
    values = []
    for _ in range(draws):
        at = np.concatenate([rng.choice(side, len(side)) for side in sides])
        values.append(measure(label[at], first[at]) - measure(label[at], second[at]))
    low, high = np.percentile(values, (2.5, 97.5))
    return Difference(measure(label, first) - measure(label, second), float(low), float(high))


def mean_difference(values: Floats) -> Difference:
    """The mean of differences text by text, and its normal 95 % interval."""
    mean = float(values.mean())
    half = Z * float(values.std(ddof=1)) / float(np.sqrt(len(values))) if len(values) > 1 else 1.0
    return Difference(mean, mean - half, mean + half)
