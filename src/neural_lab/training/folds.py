"""Leave-one-source-out: what a fusion says about texts of a source it never saw."""

import numpy as np
from numpy.typing import NDArray

from neural_lab.detect.fusion import Fusion
from neural_lab.training.detection import TWO_SIDED
from neural_lab.training.fit import evened, fit_fusion, logits
from neural_lab.training.measured import Measured
from neural_lab.types import Floats

ONE_SIDED_SHARE = 0.5


def folds(data: Measured) -> NDArray[np.int64]:
    """A fold a document: each two-sided source its own, one-sided ones dealt out."""
    others = sorted(set(data.source.tolist()) - set(TWO_SIDED))
    fold = {name: i for i, name in enumerate(TWO_SIDED)}
    fold |= {name: i % len(TWO_SIDED) for i, name in enumerate(others)}
    return np.array([fold[name] for name in data.source.tolist()])


def balance(data: Measured) -> Floats:
    """Weight a document: sources alike within a class, one-sided ones at half, then classes alike.

    The reserved human corpora together count as one source.
    """
    families = [source.split("/")[0] for source in data.source.tolist()]
    keys = np.char.add(np.array(families), data.label.astype(str))
    _, number, count = np.unique(keys, return_inverse=True, return_counts=True)
    share = np.where(np.isin(families, TWO_SIDED), 1.0, ONE_SIDED_SHARE)
    return evened(share / count[number], data.label)


def held_out_logits(data: Measured) -> Floats:
    """Uncalibrated log-odds of every sentence, from a fusion fitted without its document's fold."""
    fold, result = folds(data), np.empty(len(data.document))
    for number in range(len(TWO_SIDED)):
        mine = fold == number
        result[mine[data.document]] = logits(_fitted_without(data, mine), data.where(mine))
    return result


def _fitted_without(data: Measured, held_out: NDArray[np.bool_]) -> Fusion:
    rest = data.where(~held_out)
    return fit_fusion(rest, balance(rest))
