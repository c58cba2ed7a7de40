"""The error card: how often a detector errs, for all texts and for each group of them."""

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

import numpy as np
from numpy.typing import NDArray

from neural_lab.outcome import Verdict
from neural_lab.training.comparisons import Matched
from neural_lab.training.figures import auroc, brier, calibration_error, true_positive_rate, wilson
from neural_lab.training.judged import NAMES, Judged

SCHEMA = 1
CUTS = (0.05, 0.01, 0.001)
FEWEST = 5
"""Texts of each class below which a group has no figure that needs both."""
DIMENSIONS = {
    "source": "Sources",
    "domain": "Domains",
    "model": "Generators",
    "writer": "Writer groups",
    "attack": "Attacks",
    "band": "Lengths",
}
CLASSES = {"human": 0, "machine": 1}

Card = dict[str, Any]


def error_card(
    judged: Judged, detector: tuple[str, str], unread: Mapping[str, int], gap: Matched | None = None
) -> Card:
    """Every figure of a card as plain values, unrounded.

    `detector` is its name and version; `unread` counts the texts that could not
    be scored, by code of error; `gap` is that between groups of writers.
    """
    return {
        "schema": SCHEMA,
        "detector": dict(zip(("name", "version"), detector, strict=True)),
        "targets": list(judged.targets),
        "unread": dict(unread),
        "overall": figures(judged),
        "writer_gap": asdict(gap) if gap else None,
        "groups": {name: _groups(judged, name) for name in DIMENSIONS},
    }


def figures(judged: Judged) -> Card:
    """How one group of texts fared; what needs both classes is None where one has hardly any text.

    A text without a verdict counts as not flagged.
    """
    return {
        **{name: int((judged.label == label).sum()) for name, label in CLASSES.items()},
        **ranking(judged.label, judged.probability),
        **_calibration(judged),
        "operating_points": {f"{target:g}": _point(judged, target) for target in judged.targets},
    }


def ranking(label: NDArray[np.int64], score: NDArray[np.float64]) -> Card:
    """AUROC with its interval, and true-positive rates at cuts chosen on these very texts.

    A rate of false positives needs human texts enough for one of them to be it.
    """
    if not two_sided(label):
        return {"auroc": None, "auroc_interval": None, "tpr_at_fpr": {f"{cut:g}": None for cut in CUTS}}
    area, low, high = auroc(label, score)
    return {
        "auroc": area,
        "auroc_interval": [low, high],
        "tpr_at_fpr": {f"{cut:g}": tpr(label, score, cut) for cut in CUTS},
    }


def two_sided(label: NDArray[np.int64]) -> bool:
    return min(np.bincount(label, minlength=2).tolist()) >= FEWEST


def tpr(label: NDArray[np.int64], score: NDArray[np.float64], cut: float) -> float | None:
    """True-positive rate at that false-positive rate; None with fewer than 1 / `cut` human texts."""
    enough = two_sided(label) and (label == 0).sum() * cut >= 1
    return true_positive_rate(label, score, cut) if enough else None


def rate(hits: int, n: int) -> Card:
    """A share with its Wilson 95 % interval; no share of nothing."""
    return {"hits": hits, "texts": n, "rate": hits / n if n else None, "interval": list(wilson(hits, n))}


def _groups(judged: Judged, dimension: str) -> dict[str, Card]:
    """Figures of each value of `dimension`; texts without a value belong to no group."""
    values = getattr(judged, dimension)
    known = NAMES if dimension == "band" else sorted(set(values.tolist()) - {""})
    marked = {name: values == name for name in known}
    return {name: figures(judged.where(mine)) for name, mine in marked.items() if mine.any()}


def _calibration(judged: Judged) -> Card:
    label, probability = judged.label, judged.probability
    if not two_sided(label):
        return {"ece_classes_alike": None, "ece": None, "brier": None}
    return {
        "ece_classes_alike": calibration_error(label, probability),
        "ece": calibration_error(label, probability, alike=False),
        "brier": brier(label, probability),
    }


def _point(judged: Judged, target: float) -> Card:
    """For each class: flagged, likely human and inconclusive, as shares of all its texts."""
    answers = {
        "flagged": judged.flagged(target),
        "likely_human": judged.said(target, Verdict.LIKELY_HUMAN),
        "inconclusive": judged.said(target, Verdict.INCONCLUSIVE),
    }
    sides = {name: judged.label == label for name, label in CLASSES.items()}
    return {
        side: {name: rate(int(said[mine].sum()), int(mine.sum())) for name, said in answers.items()}
        for side, mine in sides.items()
    }
