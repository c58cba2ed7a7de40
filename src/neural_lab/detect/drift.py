"""Whether the texts that a service reads are still like those that it read before.

Nothing of this says whether verdicts are right: nobody knows who wrote the texts.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np

from neural_lab.detect.detector import Detector
from neural_lab.detect.distributions import Distributions
from neural_lab.detect.drift_pairs import (
    DRIFT,
    MOVED,
    STEADY,
    TOO_FEW,
    Pair,
    by_ks,
    by_length,
    by_psi,
    pair_of,
)
from neural_lab.detect.drift_sample import Sample
from neural_lab.detect.drift_shares import outside, verdicts
from neural_lab.detect.signals import FUSED

SCHEMA = 1
FALSE_ALARMS = 0.01
"""Of how many comparisons of windows that do not differ one or more of all figures may pass for chance."""
ALL, LENGTH = "all", "length"


class Band(NamedTuple):
    """Texts of `low` to `high` words (None: no end)."""

    name: str
    low: int
    high: int | None


def bands_of(detector: Detector) -> tuple[Band, ...]:
    """Those of the cut points."""
    points = (point for point in detector.operating_points if point.target == detector.targets[0])
    return tuple(Band(p.band.removesuffix(" words"), p.minimum_words, p.maximum_words) for p in points)


def compared(
    reference: Sample, current: Sample, bands: Sequence[Band], fitted: Distributions | None = None
) -> dict[str, Any]:
    """Plain values: what has changed from the reference to the current texts, all read by one detector."""
    split = {band.name: (reference.between(*band[1:]), current.between(*band[1:])) for band in bands}
    pairs = [*_signals(split)]
    scores = [pair_of("probability", name, *both) for name, both in split.items()]
    sizes = _sizes(bands, reference, current)
    count = sum(pair.enough for pair in (*pairs, *scores, sizes))
    level = 1 - FALSE_ALARMS / max(1, count)
    signals = [*(by_psi(pair, level) for pair in pairs), by_length(sizes, len(bands), level)]
    by_score = [by_ks(pair, level) for pair in scores]
    return {
        "schema": SCHEMA,
        "state": overall(signals, by_score),
        "comparisons": count,
        "alarms": FALSE_ALARMS,
        "signals": signals,
        "score": by_score,
        "verdicts": [*verdicts({ALL: (reference, current), **split})],
        "outside": [*outside({name: both[1] for name, both in split.items()}, fitted)],
    }


def overall(*rows: Sequence[Mapping[str, Any]]) -> str:
    """The worst of all states."""
    found = {row["state"] for each in rows for row in each}
    return next(state for state in (DRIFT, MOVED, STEADY, TOO_FEW) if state in found or state == TOO_FEW)


def _signals(split: Mapping[str, tuple[Sample, Sample]]) -> Iterator[Pair]:
    """Of each band and each signal that any text has."""
    for column, signal in enumerate(FUSED):
        found = [pair_of(signal, name, *both, column) for name, both in split.items()]
        if any(pair.reference.size or pair.current.size for pair in found):
            yield from found


def _sizes(bands: Sequence[Band], reference: Sample, current: Sample) -> Pair:
    """In which band each text is."""
    lows = np.array([band.low for band in bands])
    places = (np.searchsorted(lows, each.words, side="right") - 1 for each in (reference, current))
    first, second = (each.astype(np.float64) for each in places)
    return Pair(LENGTH, ALL, first, second, reference.day)
