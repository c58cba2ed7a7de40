"""How far apart two samples of numbers are, and how far apart chance alone would put them."""

from __future__ import annotations

import math
from statistics import NormalDist

import numpy as np
from numpy.typing import NDArray

from neural_lab.types import Floats

Counts = NDArray[np.int64]
HALF = 0.5
"""Added to the texts of every bin, as Krichevsky and Trofimov (1981) do: an empty one has no logarithm."""


def edges(reference: Floats, bins: int) -> Floats:
    """Inner edges, ascending, that cut a sample into so many equal parts; fewer where values repeat.

    A bin reaches up to its edge and includes it. Where all values are the same there are three bins:
    below, there, above.
    """
    found = np.unique(np.quantile(reference, np.arange(1, bins) / bins, method="inverted_cdf"))
    inner = found[found < reference.max()]
    only = reference.max()
    return inner if inner.size else np.array([np.nextafter(only, -np.inf), only])


def counted(values: Floats, at: Floats) -> Counts:
    """How many values lie in each bin between the edges `at`."""
    return np.bincount(np.searchsorted(at, values, side="left"), minlength=at.size + 1).astype(np.int64)


def psi(reference: Counts, current: Counts) -> float:
    """Population stability index of two counts over the same bins: Σ (qᵢ - pᵢ) ln(qᵢ / pᵢ).

    It is Jeffreys' divergence (1946) of the shares p and q, in nats: 0 where they are equal. Siddiqi,
    "Credit Risk Scorecards" (2006), has the usual reading: below 0.1 little, above 0.25 much has changed.
    """
    p, q = ((each + HALF) / (each.sum() + HALF * each.size) for each in (reference, current))
    return float(((q - p) * np.log(q / p)).sum())


def psi_by_chance(bins: int, reference: int, current: int, level: float) -> float:
    """What the index stays below with probability `level` where nothing has changed.

    Divided by (1/n + 1/m) the index of samples of n and m texts is then distributed as χ² with bins - 1
    degrees of freedom (Yurdakul, "Statistical properties of population stability index", 2018), so that
    it is (bins - 1)(1/n + 1/m) on average.
    """
    return chi_square(bins - 1, level) * (1 / reference + 1 / current)


def ks(reference: Floats, current: Floats) -> float:
    """Kolmogorov's and Smirnov's distance, 0 to 1: by how much the shares of texts up to any value differ."""
    first, second, every = np.sort(reference), np.sort(current), np.concatenate((reference, current))
    shares = (np.searchsorted(each, every, side="right") / each.size for each in (first, second))
    return float(np.abs(np.subtract(*shares)).max())


def ks_by_chance(reference: int, current: int, level: float) -> float:
    """As `psi_by_chance`, for `ks`: the first term of Smirnov's limit (1948), which is a little too high."""
    return math.sqrt(-math.log((1 - level) / 2) / 2 * (1 / reference + 1 / current))


def chi_square(freedom: int, level: float) -> float:
    """Quantile of χ², as Wilson and Hilferty (1931) approximate it: within a twentieth from 2 degrees on."""
    spread = 2 / (9 * freedom)
    return freedom * max(0.0, 1 - spread + NormalDist().inv_cdf(level) * math.sqrt(spread)) ** 3


def dispersion(table: Counts) -> float:
    """How much more the rows of `[days, bins]` differ than chance allows, at least 1.

    Pearson's χ² by its degrees of freedom. Texts come in lots: a class hands in one subject on one day.
    What chance does is then multiplied by this (Rao and Scott 1981). 1 for a single day, which tells nothing.
    """
    table = table[table.sum(axis=1) > 0][:, table.sum(axis=0) > 0]
    freedom: int = (table.shape[0] - 1) * (table.shape[1] - 1)
    if freedom < 1:
        return 1.0
    expected = np.outer(table.sum(axis=1), table.sum(axis=0)) / table.sum()
    pearson = float(((table - expected) ** 2 / expected).sum())
    return max(1.0, pearson / freedom)
