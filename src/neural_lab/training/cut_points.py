"""Cut points that hold a false-positive rate for documents of each length."""

import math
from collections.abc import Callable, Iterator
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray
from scipy.special import expit

from neural_lab.detect.fusion import LARGEST
from neural_lab.outcome import NEVER, strongest_run
from neural_lab.training.fit import BANDS, ENDLESS
from neural_lab.training.measured import Measured
from neural_lab.types import Floats

TARGETS = (0.05, 0.01, 0.005, 0.001)
FEW = 100
MARGIN = 0.5
"""Share of a target that cuts are chosen for: genres that are new run at up to twice the rate."""
FLOOR = 0.5
"""No cut is lower: nothing that is more likely human is flagged, however well the fitting texts separate."""


def judged(data: Measured, logit: Floats) -> NDArray[np.float64]:
    """`[documents, 2]`: the probability of each document, and the mean of its strongest run.

    Log-odds are bounded as they are in use.
    """
    probability = expit(np.clip(logit, -LARGEST, LARGEST))
    borders = np.flatnonzero(np.diff(data.document, prepend=-1, append=data.document[-1] + 1))
    runs = [
        strongest_run(data.characters[a:b].tolist(), probability[a:b].tolist())[2]
        for a, b in pairwise(borders)
    ]
    return np.column_stack((data.mean(probability), runs))


def cuts_by_band(
    data: Measured, scores: NDArray[np.float64], target: float
) -> Callable[[NDArray[np.int64]], NDArray[np.float64]]:
    """The cuts chosen for half the `target` on the human texts of `data`, from words to `[documents, 2]`.

    None is below `FLOOR`. A higher cut flags no text that a lower one does not, so the rate
    holds all the same.
    """
    human = data.label == 0
    cuts = np.array(
        [
            _cuts(scores[inside], data.family[inside], MARGIN * target)
            for inside in in_bands(data.words, human)
        ]
    )
    # `NEVER` is above the floor and stays.
    cuts = np.maximum(cuts, FLOOR)
    return lambda words: cuts[np.searchsorted(BANDS, words, side="right") - 1]


def reached(scores: NDArray[np.float64], cuts: NDArray[np.float64]) -> NDArray[np.bool_]:
    """Per document, whether one of its scores reaches its cut; `NEVER` is no cut, and nothing reaches it."""
    return np.any((scores >= cuts) & (cuts < NEVER), axis=1)


def fewest_texts(target: float) -> int:
    """Human texts of one length band below which no cut can hold `target`, if all texts weigh alike."""
    return math.ceil(1 / (MARGIN * target))


def in_bands(words: NDArray[np.int64], among: NDArray[np.bool_]) -> Iterator[NDArray[np.bool_]]:
    """For each length band, which documents `among` those marked fall into it."""
    for low, high in pairwise((*BANDS, ENDLESS)):
        yield among & (words >= low) & (words < high)


def _cuts(scores: NDArray[np.float64], family: NDArray[np.str_], target: float) -> tuple[float, float]:
    """The lowest pair of equally strict cuts that together flag at most `target` of the human texts.

    Families of sources count alike, however many texts each has, unless they have
    very few. One more text that is flagged is always reckoned with, as in split
    conformal prediction; where that leaves no room, a cut is `NEVER`.
    """
    if not len(family):
        return NEVER, NEVER
    _, number, count = np.unique(family, return_inverse=True, return_counts=True)
    weight = 1 / np.maximum(count, FEW)[number]
    weight /= weight.sum() + weight.max()
    tails = [_tail(column, weight) for column in scores.T]
    strictness, place = np.unique(np.minimum(*tails), return_inverse=True)
    flagged = np.cumsum(np.bincount(place, weight))
    within = strictness[flagged <= target - weight.max()]
    if not len(within):
        return _above_all(scores, target / weight.max())
    document, run = (
        _above(column, tail, float(within[-1])) for column, tail in zip(scores.T, tails, strict=True)
    )
    return document, run


def _above_all(scores: NDArray[np.float64], room: float) -> tuple[float, float]:
    """Cuts just above every text, where `room` new texts may be flagged: one for each score that has a cut.

    A new text is the highest of all by one score once, and by either of two scores twice.
    """
    document, run = (float(np.nextafter(column.max(), NEVER)) for column in scores.T)
    if room >= 1 and (scores[:, 0] == scores[:, 1]).all():
        return document, document
    return document if room >= 1 else NEVER, run if room >= 2 else NEVER


def _tail(score: Floats, weight: Floats) -> Floats:
    """For each text, the weight of the texts that score at least as high."""
    _, place = np.unique(-score, return_inverse=True)
    return np.asarray(np.cumsum(np.bincount(place, weight))[place])


def _above(score: Floats, tail: Floats, share: float) -> float:
    """The smallest cut that at most `share` of the texts reach."""
    kept = score[tail <= share]
    return float(kept.min()) if len(kept) else NEVER
