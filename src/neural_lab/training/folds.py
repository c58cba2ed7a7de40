"""Which documents are held out together, and how much each weighs."""

import numpy as np
from numpy.typing import NDArray

from neural_lab.training.detection import TWO_SIDED
from neural_lab.training.fit import evened, fit_fusion, logits
from neural_lab.training.measured import Measured
from neural_lab.types import Floats

ONE_SIDED_SHARE = 0.5


def folds(data: Measured) -> NDArray[np.int64]:
    """A fold a document: each two-sided source its own, other families of sources dealt out."""
    others = sorted(set(data.family.tolist()) - set(TWO_SIDED))
    fold = {name: i for i, name in enumerate(TWO_SIDED)}
    fold |= {name: i % len(TWO_SIDED) for i, name in enumerate(others)}
    return np.array([fold[name] for name in data.family.tolist()])


def balance(data: Measured) -> Floats:
    """Weight a document: families alike within a class, one-sided ones at half, then classes alike."""
    keys = np.char.add(data.family, data.label.astype(str))
    _, number, count = np.unique(keys, return_inverse=True, return_counts=True)
    share = np.where(np.isin(data.family, TWO_SIDED), 1.0, ONE_SIDED_SHARE)
    return evened(share / count[number], data.label)


def held_out_logits(data: Measured) -> Floats:
    """Uncalibrated log-odds of every sentence, from a fusion fitted without its document's fold."""
    fold, result = folds(data), np.empty(len(data.document))
    for number in np.unique(fold):
        mine, rest = fold == number, data.where(fold != number)
        result[mine[data.document]] = logits(fit_fusion(rest, balance(rest)), data.where(mine))
    return result
