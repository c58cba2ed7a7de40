"""Which documents are held out together, and how much each weighs."""

import numpy as np

from neural_lab.training.fit import evened, fit_fusion, logits
from neural_lab.training.measured import Measured
from neural_lab.types import Floats

ONE_SIDED_SHARE, MIXED_SHARE = 0.5, 0.2


def balance(data: Measured) -> Floats:
    """Weight a document: families alike within a class, one-sided ones at half, then classes alike.

    Mixed documents weigh a fifth of all the others together.
    """
    pure = data.pure
    keys = np.char.add(data.family[pure], data.label[pure].astype(str))
    _, number, count = np.unique(keys, return_inverse=True, return_counts=True)
    share = np.where(data.two_sided[pure], 1.0, ONE_SIDED_SHARE)
    weights = np.full(len(data.label), MIXED_SHARE * pure.sum() / max(1, (~pure).sum()))
    weights[pure] = evened(share / count[number], data.label[pure])
    return weights


def held_out_logits(data: Measured) -> Floats:
    """Uncalibrated log-odds of every sentence, from a fusion fitted without its document's fold."""
    result = np.empty(len(data.document))
    for number in np.unique(data.fold):
        mine = data.fold == number
        rest = data.where(~mine)
        result[mine[data.document]] = logits(fit_fusion(rest, balance(rest)), data.where(mine))
    return result
