"""Where the genres of the fitting texts lie, and how far from them a document still counts as measured."""

import numpy as np
from numpy.typing import NDArray

from neural_lab.detect.genres import Genres
from neural_lab.types import Floats

FEWEST = 30


def fit_genres(vectors: Floats, genre: NDArray[np.str_], quantile: float = 0.995) -> Genres:
    """Centres and limit from `vectors` `[documents, width]` and the genre of each document.

    Genres of fewer than 30 documents are left out, entries that are not finite
    ignored. The limit is that quantile, over the documents, of the distance to the
    nearest centre, each document having no part in its own genre's. Raises
    `ValueError` where no genre is left, or one never has a finite entry in some
    column.
    """
    names, number, count = np.unique(genre, return_inverse=True, return_counts=True)
    kept = count >= FEWEST
    if not kept.any():
        raise ValueError(f"no genre has {FEWEST} documents")
    inside = kept[number]
    place, rows = (np.cumsum(kept) - 1)[number[inside]], vectors[inside]
    means = np.array([_means(rows[place == at]) for at in range(int(kept.sum()))])
    scales = _scales(rows - means[place])
    found = Genres(tuple(names[kept].tolist()), means, scales, 0.0)
    sizes = count[kept][place]
    nearest = [_nearest(found, *each) for each in zip(rows, place.tolist(), sizes.tolist(), strict=True)]
    return Genres(found.names, means, scales, float(np.quantile(nearest, quantile)))


def _means(rows: Floats) -> Floats:
    known = np.isfinite(rows)
    count = known.sum(axis=0)
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.asarray(np.where(known, rows, 0.0).sum(axis=0) / count)


def _scales(deviations: Floats) -> Floats:
    """Deviation within genres of each column; 1 for one that does not vary and so has no scale."""
    scales = np.sqrt(_means(deviations**2))
    return np.where(scales > 0, scales, 1.0)


def _nearest(genres: Genres, row: Floats, own: int, size: int) -> float:
    """Distance of a document to the nearest centre, its own genre's being moved to where it has no part."""
    distances = genres.distances(row)
    distances[own] *= size / (size - 1)
    return float(distances.min())
