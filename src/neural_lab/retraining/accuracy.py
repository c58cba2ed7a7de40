"""Gates on frozen texts: accuracy, false positives, fairness and calibration."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

import numpy as np

from neural_lab.retraining.differences import Measure, resampled
from neural_lab.retraining.gate import Gate
from neural_lab.retraining.limits import Limits
from neural_lab.training.comparisons import Difference, paired_auroc
from neural_lab.training.fairness import GROUPS, TARGET, writer_gap, writer_groups
from neural_lab.training.figures import brier, calibration_error, true_positive_rate, wilson
from neural_lab.training.judged import Judged

FEWEST = 20
NOTHING = f"fewer than {FEWEST} frozen texts of either kind could be scored by both"


def accuracy_gates(
    challenger: Judged, champion: Judged, named: Mapping[str, str], shortest: int, limits: Limits
) -> list[Gate]:
    """Both on the same frozen texts in the same order; `named` are writer groups as in `promote`."""
    if min(np.bincount(challenger.label, minlength=2)) < FEWEST:
        names = ("auroc", "true_positives", "false_positives", "ece", "brier")
        return [Gate(name, False, NOTHING) for name in names]
    return [
        _auroc(challenger, champion, limits),
        _true_positives(challenger, champion, limits),
        _false_positives(challenger, champion, limits),
        _fairness(challenger, named, shortest, limits),
        *_calibration(challenger, champion, limits),
    ]


def _auroc(challenger: Judged, champion: Judged, limits: Limits) -> Gate:
    found = paired_auroc(challenger.label, challenger.probability, champion.probability)
    # Equal rankings have no spread: an interval that is a point at zero is noise, too.
    passed = found.high >= 0 and found.value >= -limits.auroc_loss
    said = f"AUROC less the champion's: {_signed(found)}"
    return Gate("auroc", passed, said, found.value, (found.low, found.high), -limits.auroc_loss)


def _true_positives(challenger: Judged, champion: Judged, limits: Limits) -> Gate:
    rate = limits.rate_of_the_cut
    measure = partial(true_positive_rate, false_positive_rate=rate)
    found = _difference(measure, challenger, champion, limits)
    said = f"true positives at {rate:.0%} false ones, less the champion's: {_signed(found)}"
    return Gate("true_positives", found.high >= 0, said, found.value, (found.low, found.high), 0.0)


def _false_positives(challenger: Judged, champion: Judged, limits: Limits) -> Gate:
    human = challenger.label == 0
    hits, before = (int(each.flagged(TARGET)[human].sum()) for each in (challenger, champion))
    texts = int(human.sum())
    interval = wilson(hits, texts)
    said = f"{hits} of {texts:,} frozen human texts are flagged at {TARGET:.0%}; {before} by the champion"
    limit = limits.most_false_positives
    return Gate("false_positives", interval[1] <= limit, said, hits / texts, interval, limit)


def _fairness(challenger: Judged, named: Mapping[str, str], shortest: int, limits: Limits) -> Gate:
    groups, fewest, limit = writer_groups(challenger, named), limits.fewest_writers, limits.fairness_margin
    gap = writer_gap(challenger, groups, shortest)
    texts = gap.texts if gap else (0, 0)
    counted = " and ".join(
        f"{count:,} {name.replace('_', '-')}" for count, name in zip(texts, GROUPS, strict=True)
    )
    if gap is None or min(texts) < fewest:
        said = f"{counted} writers of like length are among the frozen texts; {fewest:,} of each are needed"
        return Gate("fairness", not fewest, said, limit=limit)
    found = gap.difference
    said = f"false positives on non-native less native writers ({counted}): {_signed(found)}"
    return Gate("fairness", found.high <= limit, said, found.value, (found.low, found.high), limit)


def _calibration(challenger: Judged, champion: Judged, limits: Limits) -> list[Gate]:
    measures = {"ece": ("calibration error", calibration_error), "brier": ("Brier score", brier)}
    gates = []
    for name, (words, measure) in measures.items():
        found = _difference(measure, challenger, champion, limits)
        said = f"{words} less the champion's: {_signed(found)}"
        passed, limit = found.low <= limits.calibration_margin, limits.calibration_margin
        gates.append(Gate(name, passed, said, found.value, (found.low, found.high), limit))
    return gates


def _difference(measure: Measure, challenger: Judged, champion: Judged, limits: Limits) -> Difference:
    scores = challenger.probability, champion.probability
    return resampled(measure, challenger.label, *scores, limits.resamples, limits.seed)


def _signed(found: Difference) -> str:
    return f"{found.value:+.3f} ({found.low:+.3f} to {found.high:+.3f})"
