"""All limits of a retraining in one place, each with its reason; `retrain.toml` may set others."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

from neural_lab.errors import InvalidRequest

FILE = "retrain.toml"
EVERY_ATTACK = ("all",)


@dataclass(frozen=True, slots=True)
class Limits:
    """What a batch and a challenger are held against; rates and probabilities are shares from 0 to 1."""

    seed: int = 20261120
    """One seed for whatever is drawn: the same data gives the same detector and the same answer."""

    fewest_share: float = 0.1
    """Of the rarer class: below one in ten, cut points and calibration rest on too little of it."""
    most_left_out: float = 0.5
    """Of the new texts: where more than half cannot be used, something is wrong with the batch."""

    disputes_per_owner: int = 20
    """Released disputes of one person, the oldest first: more teach a detector how that person writes."""
    disputes_share: float = 0.05
    """Of all texts to learn from: each was judged by one reviewer alone, and as many wrong labels as that a
    learner bears (`most_contradicted`); people's first disputes come before anybody's second."""

    judged_texts: int = 400
    """New texts that the champion is asked about: enough to tell 5 % from 9 %, and a minute of scoring."""
    sure: float = 0.6
    """Probability below which no opinion counts as one, however unsure the others are: less is a toss-up."""
    most_reversed_auroc: float = 0.5
    """The champion's area on new texts: whose interval ends below a coin's has the labels reversed."""
    most_contradicted: float = 0.05
    """New texts whose label both the champion and readers fitted without them are sure against, by the lower
    end of the interval: honest tables have some in a hundred, and a learner bears no more than five."""
    fewest_bearers: int = 5
    """Texts that share a phrase before it is looked at: fewer teach a detector nothing."""
    most_common: float = 0.5
    """A phrase in more than half of the texts of a label is their style, and no hidden sign."""
    phrase_chance: float = 0.01
    """Of refusing an honest batch for any of its phrases, however many there are (Bonferroni)."""

    auroc_loss: float = 0.01
    """Area that may be lost where the interval still reaches zero: noise at some hundreds of texts."""
    rate_of_the_cut: float = 0.01
    """False-positive rate at which true positives are compared: the operating point that is shown."""
    most_false_positives: float = 0.03
    """By the upper end of the interval: 1 % is promised, new genres run at twice that, and one more is room
    for chance. It takes about 130 frozen human texts to show as much."""
    fairness_margin: float = 0.03
    """Points that false positives on non-native writers may lie above native ones; as in `promote`."""
    fewest_writers: int = 300
    """Frozen human texts of each group of writers without which fairness is unknown; 0 asks for none."""
    calibration_margin: float = 0.01
    """By which the expected calibration error and the Brier score may surely be worse."""
    most_growth: float = 1.25
    """Bytes of the challenger over those of the champion: a quarter more is noticed by nobody."""
    least_speed: float = 0.8
    """Characters a processor second of the challenger over the champion's: measurements differ by a tenth."""
    speed_texts: int = 12
    speed_rounds: int = 3
    """Texts, and how often each is read by either in turn: the best of three leaves noise out."""
    attacks: tuple[str, ...] = EVERY_ATTACK
    attack_texts: int = 100
    """Frozen machine texts that are attacked, and by what: every attack multiplies the scoring."""
    attack_margin: float = 0.05
    """By which an attack may cost the challenger more than the champion, in points of probability and found
    texts alike; more is no noise at a hundred texts."""
    phrases: int = 5
    phrase_texts: int = 40
    """Phrases that are put into frozen texts, and into how many each."""
    phrase_margin: float = 0.05
    """By which a phrase may move the challenger's probability further than the champion's."""
    resamples: int = 1000
    """Draws of the paired bootstrap."""


def read_limits(path: Path | None, usual: Path) -> Limits:
    """Those of the file at `path`, else of `usual` if it is there, else as they are.

    Raises `InvalidRequest` for a name or a value that means nothing.
    """
    chosen = path or (usual if usual.is_file() else None)
    if chosen is None:
        return Limits()
    try:
        written = tomllib.loads(chosen.read_text("utf-8-sig"))
    except (OSError, ValueError) as error:
        raise InvalidRequest("retrain_limits", f"{chosen} cannot be read, or is no valid TOML.") from error
    kinds = {field.name: getattr(Limits(), field.name) for field in fields(Limits)}
    return Limits(**{name: _checked(name, value, kinds, chosen) for name, value in written.items()})


def _checked(name: str, value: Any, usual: dict[str, Any], path: Path) -> Any:
    if name not in usual:
        raise InvalidRequest("retrain_limits", f"{path}: {name} is none of {', '.join(usual)}.")
    if isinstance(usual[name], tuple):
        return _names(name, value, path)
    whole = isinstance(usual[name], int)
    fits = isinstance(value, int) if whole else isinstance(value, int | float)
    if isinstance(value, bool) or not fits or value < 0:
        kind = "a whole number" if whole else "a number"
        raise InvalidRequest("retrain_limits", f"{path}: {name} has to be {kind} of 0 or more.")
    return type(usual[name])(value)


def _names(name: str, value: Any, path: Path) -> tuple[str, ...]:
    from neural_lab.training.attacks import ATTACKS

    known = {*ATTACKS, *EVERY_ATTACK}
    if not isinstance(value, list) or not all(isinstance(each, str) and each in known for each in value):
        message = f"{path}: {name} has to be a list of {', '.join(sorted(known))}."
        raise InvalidRequest("retrain_limits", message)
    return tuple(value)
