"""One figure of two windows of texts, and whether it has drifted."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from neural_lab.detect.drift_measures import (
    Counts,
    counted,
    dispersion,
    edges,
    ks,
    ks_by_chance,
    psi,
    psi_by_chance,
)
from neural_lab.detect.drift_sample import Sample
from neural_lab.types import Floats

FEWEST, A_BIN, MOST_BINS = 50, 10, 10
"""Texts that either side needs, texts of either side for each bin, and bins."""
PSI, KS = (0.1, 0.25), (0.1, 0.2)
"""From where on something has moved, and drifted. Those of the index are convention, the others ours."""
TOO_FEW, STEADY, MOVED, DRIFT = "too_few", "steady", "moved", "drift"
CELLS = 20


@dataclass(frozen=True, slots=True)
class Pair:
    """The same figure of both windows: values of texts, with the days of the reference's."""

    signal: str
    band: str
    reference: Floats
    current: Floats
    days: NDArray[np.int32]

    @property
    def enough(self) -> bool:
        return min(self.reference.size, self.current.size) >= FEWEST


def pair_of(signal: str, band: str, reference: Sample, current: Sample, column: int | None = None) -> Pair:
    """Values that are defined, of a column of the signals or of the probability."""
    sides = (s.probability if column is None else s.signals[:, column] for s in (reference, current))
    first, second = (side.astype(np.float64) for side in sides)
    known = np.isfinite(first)
    return Pair(signal, band, first[known], second[np.isfinite(second)], reference.day[known])


def by_psi(pair: Pair, level: float) -> dict[str, Any]:
    if not pair.enough:
        return _row(pair, psi=None, chance=None, bins=None)
    return _psi_row(pair, _edges(pair), level)


def by_length(pair: Pair, bands: int, level: float) -> dict[str, Any]:
    if not pair.enough or bands < 2:
        return _row(pair, psi=None, chance=None, bins=None)
    return _psi_row(pair, np.arange(0.5, bands - 1), level)


def _psi_row(pair: Pair, at: Floats, level: float) -> dict[str, Any]:
    value = psi(counted(pair.reference, at), counted(pair.current, at))
    chance = psi_by_chance(at.size + 1, pair.reference.size, pair.current.size, level)
    chance *= dispersion(_by_day(pair, at))
    return _row(pair, state=_state(value, chance, PSI), psi=value, chance=chance, bins=at.size + 1)


def by_ks(pair: Pair, level: float) -> dict[str, Any]:
    cells = np.arange(1, CELLS) / CELLS
    drawn: dict[str, Any] = {
        "cells": [counted(each, cells).tolist() for each in (pair.reference, pair.current)]
    }
    if not pair.enough:
        return _row(pair, ks=None, chance=None, **drawn)
    value = ks(pair.reference, pair.current)
    wider = dispersion(_by_day(pair, _edges(pair))) ** 0.5
    chance = ks_by_chance(pair.reference.size, pair.current.size, level) * wider
    return _row(pair, state=_state(value, chance, KS), ks=value, chance=chance, **drawn)


def _edges(pair: Pair) -> Floats:
    bins = min(MOST_BINS, min(pair.reference.size, pair.current.size) // A_BIN)
    return edges(pair.reference, bins)


def _by_day(pair: Pair, at: Floats) -> Counts:
    return np.stack([counted(pair.reference[pair.days == day], at) for day in np.unique(pair.days)])


def _row(pair: Pair, state: str = TOO_FEW, **figures: Any) -> dict[str, Any]:
    texts = {"reference": pair.reference.size, "texts": pair.current.size}
    return {"signal": pair.signal, "band": pair.band, **texts, **figures, "state": state}


def _state(value: float, chance: float, limits: tuple[float, float]) -> str:
    """Large enough to matter, and more than chance: either alone is no drift."""
    moved, drifted = limits
    if value <= chance or value < moved:
        return STEADY
    return DRIFT if value >= drifted else MOVED
