"""What a service's log says of drift: which days of which detector, and what came of comparing them."""

from __future__ import annotations

from datetime import date
from typing import Any

from neural_lab.detect.detector import Detector
from neural_lab.detect.distributions import Distributions
from neural_lab.detect.drift import bands_of, compared
from neural_lab.detect.drift_sample import Sample
from neural_lab.detect.drift_windows import DAYS, REFERENCE, Window, current, reference
from neural_lab.detectors.drift_log import DriftLog


def full_name(detector: Detector) -> str:
    """As events name a detector."""
    return f"{detector.name} {detector.version}"


def found(
    log: DriftLog,
    detector: Detector,
    fitted: Distributions | None,
    today: date,
    days: int = DAYS,
    asked: str = str(REFERENCE),
) -> dict[str, Any]:
    """The last days against the reference, of texts that this detector read, and no other one.

    Raises `InvalidRequest` for a reference that cannot be.
    """
    name, window = full_name(detector), current(today, days)
    before = reference(asked, log.known(name), window)
    first, second = log.sample(name, before), log.sample(name, window)
    told = compared(first, second, bands_of(detector), fitted)
    return {
        "schema": told.pop("schema"),
        "state": told.pop("state"),
        "detector": name,
        "current": _described(window, second),
        "reference": _described(before, first) if before else None,
        **told,
    }


def _described(window: Window, sample: Sample) -> dict[str, Any]:
    ends = {"first": window.first.isoformat(), "last": window.last.isoformat()}
    return {**ends, "texts": sample.texts, "sampled": len(sample)}
