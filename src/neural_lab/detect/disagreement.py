"""How far two readings of one document contradict each other."""

from collections.abc import Mapping, Sequence

import numpy as np

from neural_lab.detect.fusion import BIAS, EVIDENCE
from neural_lab.types import Floats


def disagreement(terms: Mapping[str, Floats], weights: Floats, second: Sequence[str]) -> float:
    """Nats between what the terms named in `second` say of a document and what all others say.

    `terms` and `weights` `[sentences]` are contributions and lengths. Each side is
    the weighted mean of the sum of its terms; bias and human evidence belong to
    neither. 0.0 where both sides point the same way.
    """
    signals = [name for name in terms if name not in (BIAS, EVIDENCE)]
    one = _mean([terms[name] for name in signals if name in second], weights)
    other = _mean([terms[name] for name in signals if name not in second], weights)
    return abs(one - other) if one * other < 0 else 0.0


def _mean(terms: list[Floats], weights: Floats) -> float:
    return float(np.average(np.sum(terms, axis=0), weights=weights)) if terms else 0.0
