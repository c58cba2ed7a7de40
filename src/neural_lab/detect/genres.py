"""Which of the genres that error rates were measured on a document may belong to, by its mean signals."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from neural_lab.types import Floats

ALMOST = 1.15


@dataclass(frozen=True, eq=False)
class Genres:
    """A centre per genre, and how far from the nearest one a document may be and still be measured.

    `means` `[genres, width]` are the mean vectors of documents of known genre, in
    the order of `names`; `scales` `[width]`, above zero, the deviation within
    genres; `limit` the distance that nearly all of those documents keep to the
    nearest centre that they have no part in. Raises `ValueError` when the shapes
    do not fit or a number is not finite.
    """

    names: tuple[str, ...]
    means: Floats
    scales: Floats
    limit: float

    def __post_init__(self) -> None:
        if not self.names or self.means.shape != (len(self.names), len(self.scales)):
            raise ValueError("genres need a mean vector each, as wide as the scales")
        numbers = (*self.means.flat, *self.scales, self.limit)
        if not np.isfinite(numbers).all() or (self.scales <= 0).any():
            raise ValueError("genres need finite numbers, and scales above zero")

    def distances(self, vector: Floats) -> Floats:
        """Root-mean-square deviation of `vector` `[width]` from each genre, in scales, `[genres]`.

        Entries that are not finite are left out; without any that is, everything is infinitely far.
        """
        known = np.isfinite(vector)
        if not known.any():
            return np.full(len(self.names), np.inf)
        deviation = (vector[known] - self.means[:, known]) / self.scales[known]
        return np.asarray(np.sqrt((deviation**2).mean(axis=1)))

    def plausible(self, vector: Floats) -> tuple[str, ...]:
        """The nearest genre and every other within 1.15 times its distance, nearest first."""
        distances = self.distances(vector)
        order = np.argsort(distances, kind="stable")
        return tuple(self.names[at] for at in order if distances[at] <= ALMOST * distances[order[0]])

    def measured(self, vector: Floats) -> bool:
        """Whether a document is as near to some genre as those that the error rates were measured on."""
        return bool(self.distances(vector).min() <= self.limit)

    def as_dict(self) -> dict[str, Any]:
        table = {"names": list(self.names), "limit": self.limit}
        return table | {"means": self.means.tolist(), "scales": self.scales.tolist()}

    @classmethod
    def from_dict(cls, table: Mapping[str, Any]) -> "Genres":
        means, scales = (np.array(table[name], dtype=np.float64) for name in ("means", "scales"))
        return cls(tuple(table["names"]), means, scales, float(table["limit"]))


def mean_vector(columns: Sequence[Floats], weights: Floats) -> Floats:
    """Mean of each column `[sentences]` where it is defined, `[width]`; NaN where it nowhere is."""
    return np.array([_mean(column, weights) for column in columns])


def _mean(column: Floats, weights: Floats) -> float:
    known = np.isfinite(column) & (weights > 0)
    return float(np.average(column[known], weights=weights[known])) if known.any() else float("nan")
