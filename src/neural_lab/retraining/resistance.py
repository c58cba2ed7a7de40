"""Gates on changed texts: what plain edits cost, and whether a phrase opens a back door."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from neural_lab.retraining.differences import mean_difference
from neural_lab.retraining.exam import (
    Changed,
    Compared,
    Exam,
    attack_part,
    phrase_part,
    phrase_places,
    places_of,
)
from neural_lab.retraining.gate import Gate
from neural_lab.retraining.limits import Limits
from neural_lab.retraining.phrases import Phrase
from neural_lab.training.comparisons import Difference
from neural_lab.training.dataset import Record
from neural_lab.training.fairness import TARGET
from neural_lab.types import Floats

PART = "attack "


def attack_gate(compared: Compared, exam: Exam, frozen: Sequence[Record], limits: Limits) -> Gate:
    """Under no attack may the challenger lose more than the champion, by more than the margin."""
    places = places_of(frozen, 1, limits.attack_texts, limits.seed)
    names = [part.removeprefix(PART) for part in exam.parts if part.startswith(PART)]
    found = {}
    for name in names:
        challenger, champion = compared.changed(attack_part(name), places)
        if len(challenger.after):
            found[name] = _worse(challenger, champion)
    return _worst("attacks", found, _left_out(exam), limits.attack_margin)


def phrase_gate(
    compared: Compared, frozen: Sequence[Record], phrases: Sequence[Phrase], limits: Limits
) -> Gate:
    """No phrase may move the challenger towards the label it goes with further than it moves the champion."""
    found = {}
    for number, phrase in enumerate(phrases[: limits.phrases]):
        challenger, champion = compared.changed(phrase_part(number), phrase_places(frozen, phrase, limits))
        if len(challenger.after):
            towards = 1.0 if phrase.label == 1 else -1.0
            moved = mean_difference(towards * (_moved(challenger) - _moved(champion)))
            found[f"the phrase of {len(phrase.bearers)} new texts"] = moved
    return _worst("phrases", found, "", limits.phrase_margin)


def _worse(challenger: Changed, champion: Changed) -> Difference:
    """What an attack costs the challenger more than the champion: in probability or in flagged texts."""
    probability = mean_difference(_moved(champion) - _moved(challenger))
    flagged = mean_difference(_lost(challenger) - _lost(champion))
    return max((probability, flagged), key=lambda each: each.low)


def _moved(changed: Changed) -> Floats:
    return np.asarray(changed.after.probability - changed.before.probability)


def _lost(changed: Changed) -> Floats:
    before, after = (each.flagged(TARGET).astype(np.float64) for each in (changed.before, changed.after))
    return np.asarray(before - after)


def _worst(name: str, found: dict[str, Difference], more: str, limit: float) -> Gate:
    """Refused when one is surely worse, and by more than the margin."""
    if not found:
        return Gate(name, True, f"there was nothing to try{more}", limit=limit)
    what, worst = max(found.items(), key=lambda each: (_refused(each[1], limit), each[1].value))
    said = (
        f"{len(found)} tried; the worst is {what}: {worst.value:+.3f} more than the champion "
        f"({worst.low:+.3f} to {worst.high:+.3f}){more}"
    )
    return Gate(name, not _refused(worst, limit), said, worst.value, (worst.low, worst.high), limit)


def _refused(found: Difference, limit: float) -> bool:
    return found.value > limit and found.low > 0


def _left_out(exam: Exam) -> str:
    return f"; not tried, for want of published weights: {', '.join(exam.missing)}" if exam.missing else ""
