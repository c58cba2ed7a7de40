"""What the scorers share: columns checked and put in their places, tokens given to spans."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from neural_lab.backends.failures import not_finite
from neural_lab.types import Offsets, Span, TokenScores

COLUMNS = ("logprob", "entropy", "variance", "rank")
WHAT = "language model"


def token_scores(parts: Sequence[NDArray[np.float32]], starts: Offsets, ends: Offsets) -> TokenScores:
    """From the columns of a text's windows, each `[4, tokens]` in the order of `COLUMNS`.

    Raises `ScoringFailed` where one is not finite.
    """
    columns = np.concatenate(parts, axis=1) if parts else np.zeros((len(COLUMNS), 0))
    if not np.isfinite(columns).all():
        raise not_finite(WHAT)
    return TokenScores(starts, ends, *columns.astype(np.float64))


def owners(ends: Offsets, spans: Sequence[Span]) -> NDArray[np.int64]:
    """For each token the span that holds its last character, or -1."""
    starts = np.array([span.start for span in spans])
    at = np.searchsorted(starts, ends - 1, side="right") - 1
    inside = (at >= 0) & (ends <= np.array([span.end for span in spans])[np.maximum(at, 0)])
    return np.where(inside, at, -1)
