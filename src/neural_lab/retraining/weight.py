"""Gates on what a detector costs: bytes, and processor time."""

from __future__ import annotations

import time
from collections.abc import Sequence
from pathlib import Path

from neural_lab.compose import open_lab
from neural_lab.detectors.bundles import size
from neural_lab.errors import LabError
from neural_lab.report.progress import watched
from neural_lab.retraining.gate import Gate
from neural_lab.retraining.limits import Limits
from neural_lab.service import Lab
from neural_lab.types import Document

MEGABYTE = 1e6


def weight_gates(challenger: Path, champion: Path, texts: Sequence[str], limits: Limits) -> list[Gate]:
    """Size and speed of two bundles; `texts` are read by both in turn."""
    return [_size(challenger, champion, limits), _speed(challenger, champion, texts, limits)]


def _size(challenger: Path, champion: Path, limits: Limits) -> Gate:
    mine, other = size(challenger), size(champion)
    said = f"{mine / MEGABYTE:.1f} MB; the champion has {other / MEGABYTE:.1f} MB"
    return Gate("size", mine <= limits.most_growth * other, said, mine / other, None, limits.most_growth)


def _speed(challenger: Path, champion: Path, texts: Sequence[str], limits: Limits) -> Gate:
    """The best of some rounds for each text: what else runs on the machine only ever slows it down."""
    labs = open_lab(challenger, threads=1), open_lab(champion, threads=1)
    readable = [text for text in texts if all(_reads(lab, text) for lab in labs)]
    best = [[float("inf")] * len(readable) for _ in labs]
    for _ in watched(range(limits.speed_rounds), "Speed", limits.speed_rounds):
        for at, text in enumerate(readable):
            for lab, times in zip(labs, best, strict=True):
                times[at] = min(times[at], _seconds(lab, text))
    characters = sum(map(len, readable))
    if not characters:
        return Gate("speed", False, "no frozen text could be read by both", limit=limits.least_speed)
    mine, other = (characters / sum(times) for times in best)
    said = f"{mine:,.0f} characters a processor second; the champion reads {other:,.0f}"
    return Gate("speed", mine >= limits.least_speed * other, said, mine / other, None, limits.least_speed)


def _reads(lab: Lab, text: str) -> bool:
    """Whether it can be scored; the first text also warms up."""
    try:
        lab.analyze(Document(text))
    except LabError:
        return False
    return True


def _seconds(lab: Lab, text: str) -> float:
    start = time.process_time()
    lab.analyze(Document(text))
    return time.process_time() - start
