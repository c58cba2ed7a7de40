"""Differences with their intervals: of two rates, of matched groups, of two detectors on the same texts."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.stats import binomtest

from neural_lab.training.figures import Z, placements, wilson
from neural_lab.types import Floats

Mask = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Difference:
    """A difference and its 95 % interval."""

    value: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Share:
    """`hits` of `texts`; both may be effective numbers, as weighted rates have them. `texts` is not 0."""

    hits: float
    texts: float

    @property
    def rate(self) -> float:
        return self.hits / self.texts

    @property
    def interval(self) -> tuple[float, float]:
        return wilson(self.hits, self.texts)


@dataclass(frozen=True, slots=True)
class Matched:
    """Rates of two groups as if the second had the strata of the first.

    `texts` and `hits` of both groups count what was compared: texts of strata
    that only one group has are left out. `second` is the weighted rate of the
    second group over its effective number of texts.
    """

    texts: tuple[int, int]
    hits: tuple[int, int]
    first: Share
    second: Share
    difference: Difference


@dataclass(frozen=True, slots=True)
class Paired:
    """Two detectors on the same texts: how many both or one of them flagged, and McNemar's exact p-value."""

    texts: int
    both: int
    only_first: int
    only_second: int
    p_value: float

    @property
    def first(self) -> Share:
        """What the first detector flagged."""
        return Share(self.both + self.only_first, self.texts)


def newcombe(first: Share, second: Share) -> Difference:
    """Difference of two independent rates, from their Wilson intervals (Newcombe 1998, method 10)."""
    (low_1, high_1), (low_2, high_2) = first.interval, second.interval
    value = first.rate - second.rate
    below = float(np.hypot(first.rate - low_1, high_2 - second.rate))
    above = float(np.hypot(high_1 - first.rate, second.rate - low_2))
    return Difference(value, value - below, value + above)


def matched(hit: Mask, first: Mask, second: Mask, stratum: NDArray[np.str_]) -> Matched | None:
    """Rates of `hit` in two groups, the second standardised to the strata of the first.

    None where no stratum holds texts of both. The effective number of texts of
    a weighted rate is Kish's (1965): 1 / Σ wₛ² / nₛ.
    """
    shared = np.isin(stratum, np.intersect1d(stratum[first], stratum[second]))
    first, second = first & shared, second & shared
    if not first.any():
        return None
    names, weight = np.unique(stratum[first], return_counts=True)
    weight = weight / weight.sum()
    texts = np.array([(second & (stratum == name)).sum() for name in names])
    rates = np.array([hit[second & (stratum == name)].mean() for name in names])
    effective = float(1 / (weight**2 / texts).sum())
    one, other = _share(hit, first), Share(float(weight @ rates) * effective, effective)
    sides = (int(first.sum()), int(second.sum())), (int(hit[first].sum()), int(hit[second].sum()))
    return Matched(*sides, one, other, newcombe(one, other))


def paired_auroc(label: NDArray[np.int64], first: Floats, second: Floats) -> Difference:
    """Area under the first ROC curve less that under the second, on the same texts (DeLong et al. 1988)."""
    above, below = (
        np.array(pair) for pair in zip(placements(label, first), placements(label, second), strict=True)
    )
    (value, spread_machine), (_, spread_human) = (_difference(pair) for pair in (above, below))
    half = Z * float(np.sqrt(spread_machine + spread_human))
    return Difference(value, value - half, value + half)


def mcnemar(first: Mask, second: Mask) -> Paired:
    """Whether two detectors flag the same texts equally often (McNemar 1947, exact, two-sided)."""
    one, other = int((first & ~second).sum()), int((second & ~first).sum())
    p_value = float(binomtest(one, one + other).pvalue) if one + other else 1.0
    return Paired(len(first), int((first & second).sum()), one, other, p_value)


def _share(hit: Mask, among: Mask) -> Share:
    return Share(float(hit[among].sum()), float(among.sum()))


def _difference(pair: Floats) -> tuple[float, float]:
    """Mean of one row less the other, and the variance of that mean."""
    gap = pair[0] - pair[1]
    return float(gap.mean()), float(gap.var(ddof=1) / len(gap))
