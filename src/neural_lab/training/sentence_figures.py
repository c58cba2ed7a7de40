"""Figures of labelled sentences, with intervals from resampled documents."""

from collections.abc import Callable, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from neural_lab.training.figures import placements
from neural_lab.types import Floats

RESAMPLES, SEED = 1000, 20261120

Labels = NDArray[np.int64]


class Column(NamedTuple):
    """Sentences: labels (1 for machine), probabilities, and the cut at and above which each is marked."""

    label: Labels
    probability: Floats
    cut: Floats


Figure = Callable[[Column], float]


def macro_f1(column: Column) -> float:
    """Mean of the F1 of both classes; a class that is neither there nor called has an F1 of 1."""
    called = column.probability >= column.cut
    return float(np.mean([_f1(called == side, column.label == side) for side in (0, 1)]))


def area(column: Column) -> float:
    """Area under the ROC curve; NaN where all sentences have one label."""
    if len(np.unique(column.label)) < 2:
        return float("nan")
    return float(placements(column.label, column.probability)[0].mean())


def resampled(documents: Sequence[Column], figure: Figure) -> tuple[float, list[float]]:
    """A figure of all sentences, and the 2.5th and 97.5th percentile of it over resampled documents.

    Sentences of one document are no independent witnesses; documents are.
    """
    rng = np.random.default_rng(SEED)
    draws = (rng.integers(0, len(documents), len(documents)) for _ in range(RESAMPLES))
    values = [figure(joined([documents[at] for at in draw])) for draw in draws]
    return figure(joined(documents)), [float(end) for end in np.nanpercentile(values, (2.5, 97.5))]


def joined(documents: Sequence[Column]) -> Column:
    """The sentences of all documents in one row."""
    return Column(*(np.concatenate(column) for column in zip(*documents, strict=True)))


def boundary(probability: Floats) -> tuple[int, int]:
    """The best single split of two sentences or more: how many stand before it, and the label behind it.

    Sentences are taken as independent witnesses with these probabilities, in
    (0, 1); the split is the one that makes a single change of writer likeliest.
    """
    logit = np.log(probability) - np.log1p(-probability)
    before = np.cumsum(logit)[:-1]
    # Log-likelihoods up to what all splits share: machine behind the split, or machine before it.
    behind = logit.sum() - before
    at = int(np.argmax(np.maximum(behind, before)))
    return at + 1, int(behind[at] >= before[at])


def true_boundary(label: Labels) -> tuple[int, int] | None:
    """The same for the labels themselves; None unless they change exactly once."""
    changes = np.flatnonzero(np.diff(label))
    return (int(changes[0]) + 1, int(label[-1])) if len(changes) == 1 else None


def by_chance(sentences: int, at: int, within: int) -> float:
    """How often a split at a random place is `within` sentences of `at`, and the right way round."""
    near = sum(abs(place - at) <= within for place in range(1, sentences))
    return near / (sentences - 1) / 2


def _f1(called: NDArray[np.bool_], there: NDArray[np.bool_]) -> float:
    both = int(called.sum() + there.sum())
    return float(2 * (called & there).sum() / both) if both else 1.0
