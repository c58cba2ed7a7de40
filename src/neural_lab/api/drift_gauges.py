"""Figures of drift for Prometheus: one a signal and band of lengths, however many texts there are."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from time import time
from typing import Any

from prometheus_client import CollectorRegistry, Gauge

Labels = tuple[str, ...]


class DriftGauges:
    """Those of the process that computed last are shown by all; NaN where there are too few texts."""

    def __init__(self, registry: CollectorRegistry) -> None:
        made: dict[str, Any] = {"registry": registry, "namespace": "neural_lab"}
        made["multiprocess_mode"] = "mostrecent"
        both, band = ("signal", "band"), ("band",)
        self._gauges = {
            "psi": Gauge("drift_psi", "Population stability index of a signal.", both, **made),
            "psi_chance": Gauge("drift_psi_chance", "What chance alone would make of it.", both, **made),
            "score": Gauge("drift_score", "Kolmogorov's distance of the probabilities.", band, **made),
            "score_chance": Gauge("drift_score_chance", "What chance alone would make of it.", band, **made),
            "texts": Gauge("drift_texts", "Texts that were compared.", ("window", "band"), **made),
        }
        self._computed = Gauge("drift_computed_seconds", "When drift was computed, Unix time.", **made)
        self._shown: set[tuple[str, Labels]] = set()

    def show(self, found: Mapping[str, Any]) -> None:
        """What `drift_found.found` says. What was shown before and is not known any more becomes NaN."""
        values = dict.fromkeys(self._shown, math.nan) | dict(_values(found))
        for (name, labels), value in values.items():
            self._gauges[name].labels(*labels).set(value)
        self._shown = set(values)
        self._computed.set(time())


def _values(found: Mapping[str, Any]) -> Iterator[tuple[tuple[str, Labels], float]]:
    for row in found["signals"]:
        labels = row["signal"], row["band"]
        yield ("psi", labels), _number(row["psi"])
        yield ("psi_chance", labels), _number(row["chance"])
    for row in found["score"]:
        yield ("score", (row["band"],)), _number(row["ks"])
        yield ("score_chance", (row["band"],)), _number(row["chance"])
    for row in found["verdicts"]:
        yield ("texts", (row["window"], row["band"])), float(row["texts"])


def _number(value: float | None) -> float:
    return math.nan if value is None else value
