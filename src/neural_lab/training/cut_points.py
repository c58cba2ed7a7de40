"""Cut points that hold a false-positive rate for documents of each length, and the proof of it."""

from collections.abc import Callable, Iterator
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray
from scipy.special import expit

from neural_lab.outcome import OperatingPoint, strongest_run
from neural_lab.training.figures import wilson
from neural_lab.training.fit import BANDS, ENDLESS
from neural_lab.training.measured import Measured
from neural_lab.types import Floats

TARGETS = (0.05, 0.01)
NEVER = 1.0
FEW = 100


def judged(data: Measured, logit: Floats) -> NDArray[np.float64]:
    """`[documents, 2]`: the probability of each document, and the mean of its strongest run."""
    probability = expit(logit)
    borders = np.flatnonzero(np.diff(data.document, prepend=-1, append=data.document[-1] + 1))
    runs = [
        strongest_run(data.characters[a:b].tolist(), probability[a:b].tolist())[2]
        for a, b in pairwise(borders)
    ]
    return np.column_stack((data.mean(probability), runs))


def operating_points(data: Measured, scores: NDArray[np.float64]) -> tuple[OperatingPoint, ...]:
    """One operating point a target and band, from the human texts of `data`.

    The count beside each cut comes from leaving every source out in turn: the cut
    is chosen on the others and the held-out source is counted.
    """
    return tuple(
        _point(target, low, high, scores[inside], data.source[inside])
        for target in TARGETS
        for low, high, inside in _human_by_band(data)
    )


def cuts_by_band(
    data: Measured, scores: NDArray[np.float64], target: float
) -> Callable[[NDArray[np.int64]], NDArray[np.float64]]:
    """The cuts chosen on `data`, as a function from words to `[documents, 2]`."""
    cuts = np.array(
        [_cuts(scores[inside], data.source[inside], target) for *_, inside in _human_by_band(data)]
    )
    return lambda words: cuts[np.searchsorted(BANDS, words, side="right") - 1]


def _human_by_band(data: Measured) -> Iterator[tuple[int, int, NDArray[np.bool_]]]:
    for low, high in pairwise((*BANDS, ENDLESS)):
        yield low, high, (data.label == 0) & (data.words >= low) & (data.words < high)


def _point(
    target: float, low: int, high: int, scores: NDArray[np.float64], source: NDArray[np.str_]
) -> OperatingPoint:
    flagged = sum(_flagged_without(held_out, scores, source, target) for held_out in np.unique(source))
    last = None if high == ENDLESS else high - 1
    band = f"{low}+ words" if last is None else f"{low}-{last} words"
    cuts, interval = _cuts(scores, source, target), wilson(flagged, len(scores))
    return OperatingPoint(target, band, low, last, *cuts, flagged, len(scores), interval)


def _flagged_without(
    held_out: str, scores: NDArray[np.float64], source: NDArray[np.str_], target: float
) -> int:
    mine = source == held_out
    cuts = _cuts(scores[~mine], source[~mine], target)
    return int((scores[mine] >= cuts).any(axis=1).sum())


def _cuts(scores: NDArray[np.float64], source: NDArray[np.str_], target: float) -> tuple[float, float]:
    """The lowest pair of equally strict cuts that together flag at most `target` of the human texts.

    Sources count alike, however many texts each has, unless they have very few.
    One more text that is flagged is always reckoned with, as in split conformal
    prediction.
    """
    if not len(source):
        return NEVER, NEVER
    _, number, count = np.unique(source, return_inverse=True, return_counts=True)
    weight = 1 / np.maximum(count, FEW)[number]
    weight /= weight.sum() + weight.max()
    tails = [_tail(column, weight) for column in scores.T]
    strictest = np.sort(np.minimum(*tails))
    order = np.argsort(np.minimum(*tails))
    within = np.cumsum(weight[order]) <= target - weight.max()
    share = float(strictest[within][-1]) if within.any() else 0.0
    document, run = (_above(column, tail, share) for column, tail in zip(scores.T, tails, strict=True))
    return document, run


def _tail(score: Floats, weight: Floats) -> Floats:
    """For each text, the share of texts that score at least as high."""
    order = np.argsort(-score, kind="stable")
    tail = np.empty_like(score)
    tail[order] = np.cumsum(weight[order])
    return tail


def _above(score: Floats, tail: Floats, share: float) -> float:
    """The smallest cut that at most `share` of the texts reach."""
    kept = score[tail <= share]
    return float(kept.min()) if len(kept) else NEVER
