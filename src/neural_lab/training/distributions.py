"""How the signals of texts of known origin are distributed, for a bundle that is to show it."""

from collections.abc import Mapping
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from neural_lab.backends.bundle import DISTRIBUTIONS
from neural_lab.detect.distributions import LEVELS, Distributions
from neural_lab.detect.signals import FUSED
from neural_lab.report.as_json import dumps
from neural_lab.training.measured import Measured
from neural_lab.types import Floats

KINDS = ("human", "machine")
Means = Mapping[str, Floats]


def document_means(data: Measured) -> Means:
    """Per signal `[documents]`, weighted by characters over the sentences where it is defined, else NaN."""
    return {name: _known_mean(data, column) for name, column in zip(FUSED, data.signals.T, strict=True)}


def distributions(means: Means, label: NDArray[np.int64]) -> Distributions:
    """From means by signal, NaN where one is undefined; texts of other labels than 0 and 1 don't count."""
    sides = {kind: label == at for at, kind in enumerate(KINDS)}
    signals = {
        name: {kind: quantiles(mean[mine], LEVELS) for kind, mine in sides.items()}
        for name, mean in means.items()
        if all(np.isfinite(mean[mine]).any() for mine in sides.values())
    }
    return Distributions(LEVELS, {kind: int(mine.sum()) for kind, mine in sides.items()}, signals)


def quantiles(values: Floats, levels: tuple[float, ...]) -> list[float]:
    return [float(q) for q in np.nanquantile(values, levels)]


def write_distributions(bundle: Path, found: Distributions) -> None:
    """The bundle has to be sealed afterwards."""
    (bundle / DISTRIBUTIONS).write_text(dumps(found.as_dict()) + "\n", "utf-8")


def _known_mean(data: Measured, signal: Floats) -> Floats:
    known = np.isfinite(signal)
    with np.errstate(invalid="ignore"):
        return data.mean(np.where(known, signal, 0.0)) / data.mean(known.astype(float))
