"""Logs of a service whose texts are drawn, so that it is known whether they have changed."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date, timedelta

import numpy as np

from neural_lab.compose import EMBEDDED
from neural_lab.detect.drift import Band
from neural_lab.detect.drift_sample import Sample
from neural_lab.detect.signals import FUSED
from neural_lab.event import Event
from neural_lab.outcome import Verdict

BANDS = (Band("0-149", 0, 149), Band("150+", 150, None))
NAME = "{0[name]} {0[version]}".format(json.loads((EMBEDDED / "detector.json").read_text("utf-8")))
"""Of the installed detector, as events have it."""


def sample(
    rng: np.random.Generator, texts: int, shift: float = 0.0, days: int = 7, lots: float = 0.0
) -> Sample:
    """Signals that hang together, a probability that follows the first one, and a mood of each day."""
    day = np.sort(rng.integers(0, days, texts)).astype(np.int32)
    mood = rng.normal(0, lots, days)[day][:, None] if lots else 0.0
    common = rng.normal(0, 0.6, (texts, 1))
    signals = common + rng.normal(shift, 0.8, (texts, len(FUSED))) + mood
    return Sample(
        texts,
        day,
        rng.integers(20, 600, texts).astype(np.int32),
        1 / (1 + np.exp(-signals[:, 0])),
        rng.integers(0, len(Verdict), texts).astype(np.int8),
        signals.astype(np.float32),
    )


def written(
    seed: int, first: date, days: int, a_day: int, shift: float = 0.0, detector: str = NAME
) -> Iterator[Event]:
    """Events of the texts of some days, as the service writes them."""
    rng = np.random.default_rng(seed)
    drawn = sample(rng, days * a_day, shift)
    for place in range(len(drawn)):
        day = first + timedelta(days=place // a_day)
        signals = {name: round(float(v), 4) for name, v in zip(FUSED, drawn.signals[place], strict=True)}
        yield Event(
            f"{day}T{place % 24:02}:30:00Z",
            "POST /v1/documents",
            200,
            12.5,
            6 * int(drawn.words[place]),
            int(drawn.words[place]),
            float(drawn.probability[place]),
            tuple(Verdict)[drawn.verdict[place]].value,
            detector,
            json.dumps(signals),
        )
