"""Leave-one-source-out: what a fusion says about texts of a source it never saw."""

import numpy as np
from numpy.typing import NDArray

from neural_lab.detect.fusion import Fusion
from neural_lab.training.detection import TWO_SIDED
from neural_lab.training.fit import fit_fusion, logits
from neural_lab.training.measured import Measured
from neural_lab.types import Floats

ONE_SIDED_SHARE = 0.5


def folds(data: Measured) -> NDArray[np.int64]:
    """A fold a document: each two-sided source its own, one-sided sources and domains dealt out."""
    groups = np.where(data.source == "reserved", np.char.add("reserved/", data.domain), data.source)
    others = sorted(set(groups.tolist()) - set(TWO_SIDED))
    fold = {name: i for i, name in enumerate(TWO_SIDED)}
    fold |= {name: i % len(TWO_SIDED) for i, name in enumerate(others)}
    return np.array([fold[name] for name in groups.tolist()])


def balance(data: Measured) -> Floats:
    """Weight a document: sources alike within a class (one-sided ones half), then classes alike."""
    keys = np.char.add(data.source, data.label.astype(str))
    _, number, count = np.unique(keys, return_inverse=True, return_counts=True)
    share = np.where(np.isin(data.source, TWO_SIDED), 1.0, ONE_SIDED_SHARE)
    weight = share / count[number]
    for label in (0, 1):
        weight[data.label == label] /= max(weight[data.label == label].sum(), 1e-12)
    return np.asarray(weight * len(weight) / 2)


def held_out_logits(data: Measured) -> Floats:
    """Uncalibrated log-odds of every sentence, from a fusion fitted without its document's fold."""
    fold, result = folds(data), np.empty(len(data.document))
    for number in range(len(TWO_SIDED)):
        result[(fold == number)[data.document]] = logits(
            _fitted_without(data, fold == number), data.where(fold == number)
        )
    return result


def _fitted_without(data: Measured, held_out: NDArray[np.bool_]) -> Fusion:
    rest = data.where(~held_out)
    return fit_fusion(rest, balance(rest))
