"""A sentence and those around it: the window in which spread is defined."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from neural_lab.types import Floats, Offsets

REACH = 3


@dataclass(frozen=True)
class Neighbourhood:
    """For each of `sentences` sentences, itself and up to three on either side."""

    sentences: int

    @cached_property
    def first(self) -> Offsets:
        return np.maximum(np.arange(self.sentences) - REACH, 0)

    @cached_property
    def end(self) -> Offsets:
        return np.minimum(np.arange(self.sentences) + REACH + 1, self.sentences)

    def sum(self, per_sentence: Floats) -> Floats:
        """Sum of `per_sentence` over each sentence's neighbourhood."""
        total = np.concatenate(([0.0], np.cumsum(per_sentence)))
        return np.asarray(total[self.end] - total[self.first])

    def variation(self, per_sentence: Floats) -> Floats:
        """Coefficient of variation over each neighbourhood; NaN where fewer than three have a value."""
        known = np.isfinite(per_sentence)
        values = np.where(known, per_sentence, 0.0)
        count = self.sum(known.astype(float))
        with np.errstate(invalid="ignore", divide="ignore"):
            mean = self.sum(values) / count
            spread = np.sqrt(np.maximum(self.sum(values**2) / count - mean**2, 0.0))
            return np.where((count >= 3) & (mean > 0), spread / mean, np.nan)
