"""How a detector made in the same way does on sources that nothing in its making saw."""

from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from neural_lab.detect.passage_features import PASSAGE_FEATURES
from neural_lab.training.figures import auroc, calibration_error, true_positive_rate, wilson
from neural_lab.training.held_out import HeldOut
from neural_lab.training.measured import ENOUGH_OF_BOTH, Measured

TARGET = 0.01
NO_CUT = "no cut: too few human texts"
PARTS = {
    "curvature alone": "mean_near_curvature",
    "n-grams alone": "ngrams",
    "encoder alone": "encoder",
}
COLUMNS = (
    "source",
    "words",
    "human + machine",
    "AUROC (95 %)",
    "TPR at 1 % FPR",
    "flagged human (95 %)",
    "flagged machine (95 %)",
    "ECE",
)


@dataclass(frozen=True, slots=True)
class Row:
    """One held-out source. Rates at the operating point count documents called `likely_ai` or `mixed`.

    `human_without_cut` and `machine_without_cut` count those of lengths that had no cut point,
    which are never flagged.
    """

    source: str
    length: str
    human: int
    machine: int
    auroc: float
    auroc_interval: tuple[float, float]
    tpr_at_target: float
    false_positives: int
    false_positive_interval: tuple[float, float]
    true_positives: int
    true_positive_interval: tuple[float, float]
    calibration_error: float
    human_without_cut: int
    machine_without_cut: int

    def as_dict(self) -> dict[str, Any]:
        return asdict(self)


def leave_one_source_out(data: Measured, unseen: HeldOut, shortest: int) -> Iterator[Row]:
    """A row per two-sided source, for documents of `shortest` words and more, then of 150 and more,
    where there are twenty of each class.

    Encoder, n-grams, ensemble, fusion, calibration and cut points of a row were all made without its fold.
    """
    for source in np.unique(data.source[data.two_sided]).tolist():
        for least in (shortest, 150):
            mine = data.pure & data.trusted & (data.source == source) & (data.words >= least)
            if np.bincount(data.label[mine], minlength=2).min() >= ENOUGH_OF_BOTH:
                yield _row(source, f"{least}+", data.label[mine], unseen.where(mine))


def false_positives(data: Measured, unseen: HeldOut, shortest: int) -> Iterator[tuple[str, int, int, int]]:
    """Per family of human texts: its name, how many were flagged, of how many, and how many had no cut."""
    human = (data.label == 0) & data.trusted & (data.words >= shortest)
    for family in np.unique(data.family[human]).tolist():
        mine = human & (data.family == family)
        uncut = int((~unseen.cut[TARGET][mine]).sum())
        yield family, int(unseen.flagged[TARGET][mine].sum()), int(mine.sum()), uncut


def _row(source: str, length: str, label: NDArray[np.int64], unseen: HeldOut) -> Row:
    score, flagged, uncut = unseen.scores[:, 0], unseen.flagged[TARGET], ~unseen.cut[TARGET]
    human, machine = int((label == 0).sum()), int((label == 1).sum())
    false, true = int(flagged[label == 0].sum()), int(flagged[label == 1].sum())
    area, low, high = auroc(label, score)
    return Row(
        source, length, human, machine, area, (low, high), true_positive_rate(label, score, TARGET),
        false, wilson(false, human), true, wilson(true, machine), calibration_error(label, score),
        int(uncut[label == 0].sum()), int(uncut[label == 1].sum()),
    )  # fmt: skip


def table(rows: list[Row]) -> str:
    """The rows as Markdown, with the mean over sources for each length."""
    lines = [f"| {' | '.join(COLUMNS)} |", "|---" * len(COLUMNS) + "|", *(_line(row) for row in rows)]
    for length in dict.fromkeys(row.length for row in rows):
        mine = [row for row in rows if row.length == length]
        area, tpr = (np.mean([getattr(row, name) for row in mine]) for name in ("auroc", "tpr_at_target"))
        lines.append(f"| **mean** | {length} | | **{area:.3f}** | **{tpr:.2f}** | | | |")
    return "\n".join(lines)


def parts_table(data: Measured, unseen: HeldOut, least: int = 150) -> str:
    """AUROC of what each reading says by itself, and of all of them fused, by source, as Markdown."""
    kept = data.pure & data.trusted & (data.words >= least)
    scores = {name: _passage_mean(data, name) for name in PARTS} | {"all, fused": unseen.scores[:, 0]}
    lines = [f"| source | {' | '.join(scores)} |", "|---" * (len(scores) + 1) + "|"]
    areas = []
    for source in np.unique(data.source[kept & data.two_sided]).tolist():
        mine = kept & (data.source == source)
        if np.bincount(data.label[mine], minlength=2).min() < ENOUGH_OF_BOTH:
            continue
        areas.append([auroc(data.label[mine], score[mine])[0] for score in scores.values()])
        lines.append(f"| {source} | {' | '.join(f'{area:.3f}' for area in areas[-1])} |")
    if not areas:
        return "No source has enough texts of both kinds."
    means = " | ".join(f"**{area:.3f}**" for area in np.mean(areas, axis=0))
    return "\n".join([*lines, f"| **mean** | {means} |"])


def _passage_mean(data: Measured, name: str) -> NDArray[np.float64]:
    """A feature's mean over the passages of each document."""
    values = data.features[:, PASSAGE_FEATURES.index(PARTS[name])].astype(np.float64)
    return np.asarray(np.bincount(data.passage_document, values) / np.bincount(data.passage_document))


def false_positive_table(families: Iterable[tuple[str, int, int, int]]) -> str:
    """Flagged human texts per family as Markdown."""
    lines = ["| human texts | flagged (95 %) | of |", "|---|---|---|"]
    return "\n".join(
        (*lines, *(f"| {n} | {_rate(k, of, wilson(k, of), no)} | {of:,} |" for n, k, of, no in families))
    )


def _line(row: Row) -> str:
    low, high = row.auroc_interval
    human = _rate(row.false_positives, row.human, row.false_positive_interval, row.human_without_cut)
    machine = _rate(row.true_positives, row.machine, row.true_positive_interval, row.machine_without_cut)
    area = f"{row.auroc:.3f} ({low:.3f}-{high:.3f})"
    counts = f"{row.human:,} + {row.machine:,}"
    cells = (row.source, row.length, counts, area, f"{row.tpr_at_target:.2f}", human, machine)
    return f"| {' | '.join(cells)} | {row.calibration_error:.3f} |"


def _rate(hits: int, n: int, interval: tuple[float, float], uncut: int) -> str:
    """No rate where there was no cut for any of the texts: it would say that none is ever wrongly flagged."""
    if uncut == n:
        return NO_CUT
    share = f"{hits / n:.1%} ({interval[0]:.1%}-{interval[1]:.1%})"
    return f"{share}, {uncut:,} without a cut" if uncut else share
