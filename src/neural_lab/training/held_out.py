"""What the whole procedure says about sources that no part of it saw."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from rich.console import Console
from rich.progress import track

from neural_lab.outcome import NEVER, OperatingPoint
from neural_lab.training.cut_points import TARGETS, cuts_by_band, in_bands, judged, reached
from neural_lab.training.figures import wilson
from neural_lab.training.fit import BANDS, ENDLESS, calibrate, fit_fusion, logits, scaled
from neural_lab.training.folds import balance, held_out_logits
from neural_lab.training.measured import Measured
from neural_lab.training.stack import fit_stack, stacked


@dataclass(frozen=True)
class HeldOut:
    """Per document: `scores` (its probability, its strongest run), and by target whether it is `flagged`.

    `cut` says by target whether there was a cut point for its length at all: where there is none
    a text cannot be flagged, and nothing is learnt about how often it would be.
    """

    scores: NDArray[np.float64]
    flagged: dict[float, NDArray[np.bool_]]
    cut: dict[float, NDArray[np.bool_]]

    def where(self, documents: NDArray[np.bool_]) -> "HeldOut":
        """Only the marked documents."""
        flagged, cut = (
            {target: each[documents] for target, each in table.items()} for table in (self.flagged, self.cut)
        )
        return HeldOut(self.scores[documents], flagged, cut)


def hold_out(data: Measured, seed: int) -> HeldOut:
    """Run the procedure once per fold, without the fold, and judge the fold by it."""
    scores = np.empty((len(data.label), 2))
    flagged, cut = ({target: np.zeros(len(data.label), dtype=bool) for target in TARGETS} for _ in range(2))
    numbers = np.unique(data.fold)
    for number in track(numbers, "leaving out each fold", console=Console(stderr=True)):
        mine = data.fold == number
        judgement = _judge(data.where(~mine), data.where(mine), seed)
        scores[mine] = judgement.scores
        for target in TARGETS:
            flagged[target][mine] = judgement.flagged[target]
            cut[target][mine] = judgement.cut[target]
    return HeldOut(scores, flagged, cut)


def _judge(rest: Measured, unseen: Measured, seed: int) -> HeldOut:
    ensemble, rest = fit_stack(rest, seed)
    rest = rest.where(rest.trusted)
    unseen = stacked(ensemble, unseen)
    inner, weights = held_out_logits(rest), balance(rest)
    bands = calibrate(inner, rest, weights)
    chosen_on = judged(rest, scaled(bands, inner, rest))
    scores = judged(unseen, scaled(bands, logits(fit_fusion(rest, weights), unseen), unseen))
    cuts = {target: cuts_by_band(rest, chosen_on, target)(unseen.words) for target in TARGETS}
    return HeldOut(
        scores,
        {target: reached(scores, cuts[target]) for target in TARGETS},
        {target: np.any(cuts[target] < NEVER, axis=1) for target in TARGETS},
    )


def operating_points(
    data: Measured, scores: NDArray[np.float64], unseen: HeldOut
) -> Iterator[OperatingPoint]:
    """Cut points chosen on all human texts, and beside them how the procedure did on unseen sources."""
    human = data.label == 0
    for target in TARGETS:
        cuts = cuts_by_band(data, scores, target)(np.array(BANDS))
        for low, (document, run), inside in zip(BANDS, cuts, in_bands(data.words, human), strict=True):
            last = _last(low)
            band = f"{low}+ words" if last is None else f"{low}-{last} words"
            hits, texts = int(unseen.flagged[target][inside].sum()), int(inside.sum())
            point = (target, band, low, last, float(document), float(run), hits, texts)
            yield OperatingPoint(*point, wilson(hits, texts))


def _last(low: int) -> int | None:
    """The most words of the band that begins at `low`; None for the last band."""
    above = next(edge for edge in (*BANDS, ENDLESS) if edge > low)
    return None if above == ENDLESS else above - 1
