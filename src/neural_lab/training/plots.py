"""Plots of rates and probabilities. Colours are Okabe and Ito's; dashes, marks and hatching say the same."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter, PercentFormatter
from numpy.typing import NDArray

from neural_lab.report.characters import one_line
from neural_lab.training.figures import wilson
from neural_lab.types import Floats

BLACK, BLUE, ORANGE, GREEN, PURPLE, SKY, AMBER = COLOURS = (
    "#000000", "#0072B2", "#D55E00", "#009E73", "#CC79A7", "#56B4E9", "#E69F00",
)  # fmt: skip
DASHES: tuple[Any, ...] = (
    "solid", "dashed", "dotted", "dashdot", (0, (8, 2)), (0, (3, 1, 1, 1, 1, 1)), (0, (1, 4)),
)  # fmt: skip
MARKS, HATCHES = "osD^vP", ("", "///", "...", "xxx", "\\\\\\", "++", "oo")
BINS, COLUMNS = 10, 40
LONGEST_NAME = 32

Labels = NDArray[np.int64]


class Bar(NamedTuple):
    """One rate: its kind (a hatch each), its name, how many of how many."""

    kind: str
    name: str
    hits: int
    texts: int


def roc(
    curves: Mapping[str, tuple[Labels, Floats]],
    path: Path,
    points: Sequence[tuple[str, float, float]] = (),
) -> None:
    """ROC curves of labels (1 for machine) and scores, at most seven, on a logarithmic axis.

    `points` are a name, a false- and a true-positive rate each; no false
    positives at all are drawn at the left edge.
    """
    axes = (figure := Figure(figsize=(8, 6))).subplots()
    edge = 0.5 / max(10, *(int((label == 0).sum()) for label, _ in curves.values()))
    for (name, curve), colour, dash in zip(curves.items(), COLOURS, DASHES, strict=False):
        false, true = _steps(*curve)
        axes.step(
            np.maximum(false, edge), true, color=colour, linestyle=dash, where="post", label=_short(name)
        )
    for (name, false_rate, true_rate), mark in zip(points, MARKS, strict=False):
        style: dict[str, Any] = {"color": AMBER, "markeredgecolor": "black", "markersize": 9}
        axes.plot(max(false_rate, edge), true_rate, mark, **style, ls="none", label=name, clip_on=False)
    diagonal = np.geomspace(edge, 1, 200)
    axes.plot(diagonal, diagonal, color="grey", linewidth=0.8, label="chance")
    axes.set(xscale="log", xlim=(edge, 1), ylim=(0, 1.01))
    axes.set(xlabel="false positives: human texts above the cut (logarithmic)")
    axes.set(ylabel="true positives: machine texts above the cut")
    axes.xaxis.set_major_formatter(FuncFormatter(lambda share, _: f"{100 * share:g} %"))
    axes.yaxis.set_major_formatter(PercentFormatter(1))
    axes.grid(alpha=0.3)
    axes.legend(fontsize=8, loc="center left", bbox_to_anchor=(1.01, 0.5))
    _save(figure, path)


def reliability(label: Labels, probability: Floats, path: Path) -> None:
    """Share of machine texts per bin of probability, as they are and as if both classes were as many."""
    upper, lower = (figure := Figure(figsize=(7, 7))).subplots(2, sharex=True, height_ratios=(3, 1))
    at = np.minimum((probability * BINS).astype(int), BINS - 1)
    count, machine = np.bincount(at, minlength=BINS), np.bincount(at, label, BINS)
    full = count > 0
    place, share = np.bincount(at, probability, BINS)[full] / count[full], machine[full] / count[full]
    error = _error(share, [wilson(*pair) for pair in zip(machine[full], count[full], strict=True)])
    upper.plot((0, 1), (0, 1), color="grey", linewidth=0.8, label="perfect")
    upper.errorbar(place, share, error, color=BLUE, marker="o", capsize=3, label="these texts (Wilson 95 %)")
    upper.plot(place, _evened(label, at)[full], "s--", color=ORANGE, label="if both classes were as many")
    upper.set(ylabel="share machine-written", xlim=(0, 1), ylim=(-0.02, 1.02))
    upper.legend(fontsize=8, loc="upper left")
    lower.bar((np.arange(BINS) + 0.5) / BINS, count, 0.9 / BINS, color=SKY, edgecolor="black", linewidth=0.5)
    lower.set(xlabel="probability", ylabel="texts")
    _save(figure, path)


def histogram(label: Labels, probability: Floats, path: Path) -> None:
    """How the probabilities of each class are spread: a filled area, and a hatched outline."""
    axes = (figure := Figure(figsize=(8, 4.5))).subplots()
    filled: dict[str, Any] = {"histtype": "stepfilled", "color": BLUE, "alpha": 0.6}
    outline: dict[str, Any] = {"histtype": "step", "color": ORANGE, "hatch": "////", "linewidth": 1.5}
    for name, side, style in (("human", 0, filled), ("machine", 1, outline)):
        mine = probability[label == side]
        if len(mine):
            share = np.full(len(mine), 1 / len(mine))
            title = f"{name} ({len(mine):,})"
            axes.hist(mine, bins=COLUMNS, range=(0, 1), weights=share, **style, label=title)
    axes.yaxis.set_major_formatter(PercentFormatter(1))
    axes.set(xlabel="probability of the document", ylabel="share of the class", xlim=(0, 1))
    axes.legend(loc="lower center", bbox_to_anchor=(0.5, 1.0), ncols=2)
    _save(figure, path)


def rates(bars: Sequence[Bar], target: float, path: Path) -> None:
    """Rates with their Wilson intervals, a bar each, and a line at the `target`."""
    axes = (figure := Figure(figsize=(8, 1.6 + 0.28 * len(bars)))).subplots()
    kinds = list(dict.fromkeys(bar.kind for bar in bars))
    for at, kind in enumerate(kinds):
        mine = [(place, bar) for place, bar in enumerate(bars) if bar.kind == kind]
        share = np.array([bar.hits / bar.texts for _, bar in mine])
        error = _error(share, [wilson(bar.hits, bar.texts) for _, bar in mine])
        style: dict[str, Any] = {"color": COLOURS[1 + at % 6], "hatch": HATCHES[at % 7], "alpha": 0.75}
        places = [place for place, _ in mine]
        axes.barh(places, share, xerr=error, capsize=2, label=kind, edgecolor="black", **style)
    for place, bar in enumerate(bars):
        high = wilson(bar.hits, bar.texts)[1]
        box = {"facecolor": "white", "edgecolor": "none", "pad": 0.5}
        axes.annotate(
            f"{bar.hits:,} of {bar.texts:,}", (high, place), (6, 0), textcoords="offset points",
            va="center", fontsize=7, bbox=box,
        )  # fmt: skip
    axes.axvline(target, color="black", linestyle="dashed", label=f"target {100 * target:g} %")
    axes.set_yticks(range(len(bars)), [_short(bar.name) for bar in bars], fontsize=8)
    axes.invert_yaxis()
    axes.set_xlim(0, 1.15 * max(target, *(wilson(bar.hits, bar.texts)[1] for bar in bars)))
    axes.xaxis.set_major_formatter(FuncFormatter(lambda share, _: f"{100 * share:g} %"))
    axes.set(xlabel="human texts flagged (Wilson 95 %)")
    axes.legend(fontsize=8, loc="center left", bbox_to_anchor=(1.01, 0.5))
    _save(figure, path)


def _steps(label: Labels, score: Floats) -> tuple[Floats, Floats]:
    """False- and true-positive rates at every distinct score, from the highest down."""
    order = np.argsort(-score, kind="stable")
    last = np.append(np.diff(score[order]) != 0, True)
    machine, human = np.cumsum(label[order])[last], np.cumsum(1 - label[order])[last]
    return np.append(0.0, human / human[-1]), np.append(0.0, machine / machine[-1])


def _evened(label: Labels, at: NDArray[np.int64]) -> Floats:
    """Share of machine texts per bin if there were as many of one class as of the other; 0 in empty bins."""
    weight = 1 / np.bincount(label, minlength=2)[label]
    total = np.bincount(at, weight, BINS)
    return np.asarray(np.bincount(at, weight * label, BINS) / np.where(total > 0, total, 1))


def _error(share: Floats, intervals: Sequence[tuple[float, float]]) -> Floats:
    """`[2, rates]`: how far each interval reaches down and up."""
    return np.abs(np.array(intervals).T - share)


def _short(name: str) -> str:
    # Names come with the data: a dollar sign would begin a formula.
    plain = one_line(name)
    short = plain if len(plain) <= LONGEST_NAME else f"{plain[: LONGEST_NAME - 1]}…"
    return short.replace("$", r"\$")


def _save(figure: Figure, path: Path) -> None:
    figure.savefig(path, dpi=120, bbox_inches="tight")
