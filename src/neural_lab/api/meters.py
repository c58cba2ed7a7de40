"""Figures for Prometheus: requests, scores, lines, caches, memory. Labels are routes and codes alone."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

from prometheus_client import CollectorRegistry, Counter, Histogram, generate_latest
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.multiprocess import MultiProcessCollector

if TYPE_CHECKING:
    from neural_lab.outcome import Report

SHARED = "PROMETHEUS_MULTIPROC_DIR"
SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120)
PROBABILITY = tuple(edge / 10 for edge in range(1, 11))
DIFFERENCE = (0.001, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1)

Figures = Callable[[], dict[str, float]]

HELP = {
    "memory_rss_bytes": "Resident memory of the process that answers.",
    "memory_vms_bytes": "Virtual memory of the process that answers.",
    "memory_gpu_allocated_bytes": "Memory of graphics cards that tensors of this process take.",
    "memory_gpu_reserved_bytes": "Memory of graphics cards that PyTorch holds for this process.",
}
"""Of gauges whose name does not say all."""


class Meters:
    """One registry a process; several processes write into one folder and any of them answers for all."""

    def __init__(self) -> None:
        self.registry, self.gauges = CollectorRegistry(), CollectorRegistry()
        made: dict[str, Any] = {"registry": self.registry, "namespace": "neural_lab"}
        self.requests = Counter("requests", "Requests answered.", ("route", "method", "status"), **made)
        self.seconds = Histogram("request_seconds", "Time to an answer.", ("route",), buckets=SECONDS, **made)
        self.texts = Counter("texts", "Texts scored, by verdict.", ("verdict",), **made)
        self.characters = Counter("characters", "Characters scored.", **made)
        self.probability = Histogram("probability", "Probabilities given.", buckets=PROBABILITY, **made)
        self.hits = Counter("cached_texts", "Texts answered from the cache, and not.", ("hit",), **made)
        self.refused = Counter("refused", "Requests refused, by code.", ("code",), **made)
        self.undecided = Counter(
            "undecided_limits", "Hits that no limit counted, because Redis was away.", **made
        )
        self.swaps = Counter("detector_swaps", "Changes of the detector, by outcome.", ("outcome",), **made)
        self.shadow = Counter("shadow_texts", "Texts for the challenger, by outcome.", ("outcome",), **made)
        self.apart = Histogram(
            "shadow_difference", "Distance of the challenger's probability.", buckets=DIFFERENCE, **made
        )
        self.lost = Counter("lost_events", "Events that could not be stored.", **made)

    def scored(self, report: Report) -> None:
        self.texts.labels(report.verdict.value).inc()
        self.characters.inc(len(report.document.text))
        self.probability.observe(report.probability)

    def watch(self, figures: Figures) -> None:
        """Gauges that are read when somebody asks, of the process that answers."""
        self.gauges.register(_Gauges(figures))

    def page(self) -> bytes:
        registry = self.registry
        if os.environ.get(SHARED):
            registry = CollectorRegistry()
            MultiProcessCollector(registry)  # type: ignore[no-untyped-call]
        return generate_latest(registry) + generate_latest(self.gauges)


class _Gauges:
    def __init__(self, figures: Figures) -> None:
        self._figures = figures

    def collect(self) -> Iterator[Metric]:
        for name, value in self._figures().items():
            said = HELP.get(name, name.replace("_", " "))
            yield GaugeMetricFamily(f"neural_lab_{name}", said, value=value)

    def describe(self) -> list[Any]:
        return []
