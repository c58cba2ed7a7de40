"""The plots of an error card."""

from pathlib import Path

import numpy as np

from neural_lab.training.error_card import DIMENSIONS, Card, two_sided
from neural_lab.training.judged import Judged
from neural_lab.training.plots import Bar, Labels, histogram, rates, reliability, roc
from neural_lab.types import Floats

ROC, RELIABILITY, SCORES, FALSE_POSITIVES = PLOTS = (
    "roc.png", "reliability.png", "scores.png", "false_positives.png",
)  # fmt: skip
MOST_CURVES, MOST_BARS, FEWEST_HUMAN = 7, 15, 20
TARGET = 0.01


def draw(judged: Judged, card: Card, folder: Path) -> list[str]:
    """Write the plots into `folder` and return their names.

    What needs both classes is not drawn where one has hardly any text, nor are
    false positives where no group has some human texts.
    """
    drawn = [SCORES]
    histogram(judged.label, judged.probability, folder / SCORES)
    if two_sided(judged.label):
        roc(_curves(judged), folder / ROC, _shipped(card))
        reliability(judged.label, judged.probability, folder / RELIABILITY)
        drawn += [ROC, RELIABILITY]
    if bars := _bars(card):
        rates(bars, _nearest(card), folder / FALSE_POSITIVES)
        drawn.append(FALSE_POSITIVES)
    return [name for name in PLOTS if name in drawn]


def _curves(judged: Judged) -> dict[str, tuple[Labels, Floats]]:
    """All texts, and the largest sources that have both classes, as many as can be told apart."""
    names, counts = np.unique(judged.source, return_counts=True)
    parts = {str(names[at]): judged.where(judged.source == names[at]) for at in np.argsort(-counts)}
    both = [(name, (part.label, part.probability)) for name, part in parts.items() if two_sided(part.label)]
    sources = both[: MOST_CURVES - 1] if len(names) > 1 else []
    return {"all texts": (judged.label, judged.probability), **dict(sources)}


def _shipped(card: Card) -> list[tuple[str, float, float]]:
    """What the detector's own operating points do on all texts."""
    points = card["overall"]["operating_points"]
    sides = {
        target: [point[side]["flagged"]["rate"] for side in ("human", "machine")]
        for target, point in points.items()
    }
    return [(f"operating point {100 * float(target):g} %", *pair) for target, pair in sides.items()]


def _bars(card: Card) -> list[Bar]:
    """Flagged human texts at the point nearest to 1 %: of all, and of the largest groups of each kind."""
    bars = [_bar("All texts", "all texts", card["overall"], _nearest(card))]
    for kind, groups in card["groups"].items():
        mine = [_bar(DIMENSIONS[kind], name, group, _nearest(card)) for name, group in groups.items()]
        least = sorted((bar.texts for bar in mine), reverse=True)[:MOST_BARS][-1:]
        bars += [bar for bar in mine if [bar.texts] >= least]
    return [bar for bar in bars if bar.texts >= FEWEST_HUMAN]


def _bar(kind: str, name: str, group: Card, target: float) -> Bar:
    flagged = group["operating_points"][f"{target:g}"]["human"]["flagged"]
    return Bar(kind, name, flagged["hits"], flagged["texts"])


def _nearest(card: Card) -> float:
    return float(min(card["targets"], key=lambda target: abs(target - TARGET)))
