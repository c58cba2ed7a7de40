"""Rates, rankings and their intervals."""

import numpy as np
from numpy.typing import NDArray
from scipy.stats import norm, rankdata

from neural_lab.types import Floats

Z = float(norm.ppf(0.975))


def wilson(hits: float, n: float) -> tuple[float, float]:
    """Wilson 95 % interval of a rate (Wilson 1927); (0, 1) when there is nothing to count.

    Weighted rates have hits and an effective number that need not be whole.
    """
    if n == 0:
        return 0.0, 1.0
    rate, spread = hits / n, Z * Z / n
    centre = (rate + spread / 2) / (1 + spread)
    half = Z * np.sqrt(rate * (1 - rate) / n + spread / (4 * n)) / (1 + spread)
    return max(0.0, float(centre - half)), min(1.0, float(centre + half))


def auroc(label: NDArray[np.int64], score: Floats) -> tuple[float, float, float]:
    """Area under the ROC curve and its 95 % interval (DeLong et al. 1988, on the logit scale)."""
    above, below = placements(label, score)
    area, m, n = float(above.mean()), len(above), len(below)
    error = float(np.sqrt(above.var(ddof=1) / m + below.var(ddof=1) / n))
    if area in (0.0, 1.0):
        # No variance to estimate; the rule of three's kin for the smaller class.
        slack = 1 - 0.025 ** (1 / min(m, n))
        return (area, 1 - slack, 1.0) if area else (area, 0.0, slack)
    inside = min(max(area, 1e-6), 1 - 1e-6)
    centre, half = np.log(inside / (1 - inside)), Z * error / (inside * (1 - inside))
    low, high = 1 / (1 + np.exp(-(centre - half))), 1 / (1 + np.exp(-(centre + half)))
    return area, float(low), float(high)


def placements(label: NDArray[np.int64], score: Floats) -> tuple[Floats, Floats]:
    """For each machine text the share of human ones below it, for each human text of machine ones above it.

    Ties count half. The mean of either is the area under the ROC curve.
    """
    machine, human = score[label == 1], score[label == 0]
    m, n = len(machine), len(human)
    ranks = rankdata(np.concatenate((machine, human)))
    return (ranks[:m] - rankdata(machine)) / n, 1 - (ranks[m:] - rankdata(human)) / m


def true_positive_rate(label: NDArray[np.int64], score: Floats, false_positive_rate: float) -> float:
    """Share of machine texts above the cut that at most that share of these very human texts exceeds."""
    human = np.sort(score[label == 0])
    cut = human[min(len(human) - 1, int(np.ceil(len(human) * (1 - false_positive_rate))) - 1)]
    return float((score[label == 1] > cut).mean())


def calibration_error(
    label: NDArray[np.int64], probability: Floats, bins: int = 10, *, alike: bool = True
) -> float:
    """Expected calibration error over equal-width bins (Naeini et al. 2015).

    Classes weigh `alike`, or else each text does.
    """
    weight = 1 / np.maximum(np.bincount(label, minlength=2), 1)[label] if alike else np.ones(len(label))
    at = np.minimum((probability * bins).astype(int), bins - 1)
    gap = np.bincount(at, weight * probability, bins) - np.bincount(at, weight * label, bins)
    return float(np.abs(gap).sum() / weight.sum())


def brier(label: NDArray[np.int64], probability: Floats) -> float:
    """Mean squared distance of the probability from 0 or 1 (Brier 1950), each text weighing alike."""
    return float(np.mean((probability - label) ** 2))
