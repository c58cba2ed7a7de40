"""What attacks cost: machine texts as they are and as an attacker would hand them in."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from neural_lab.training.attacks import ATTACKS
from neural_lab.training.dataset import Record
from neural_lab.training.detection import seeded_hash
from neural_lab.training.error_card import Card, rate
from neural_lab.training.error_card_text import interval, table
from neural_lab.training.figures import Z
from neural_lab.training.judged import Judged, judge_all

RATE, TARGET, CLEAN = 0.01, 0.01, "none"
SEED = 20261120

Mask = NDArray[np.bool_]


def robustness(bundle: Path, records: Sequence[Record], limit: int, workers: int | None) -> Card:
    """Rates of found machine texts under each attack, and what each costs, with paired intervals.

    `limit` machine texts are taken in the order of a hash; all human texts serve
    to choose the cut that flags one in a hundred of them. A text that cannot be
    scored once attacked is left out of that attack's pair.
    """
    human = [record for record in records if record.label == 0]
    machine = sorted((r for r in records if r.label == 1), key=lambda r: seeded_hash(r.text, SEED))[:limit]
    plain, _ = judge_all(bundle, human, workers, "Scoring human texts")
    cut = float(np.quantile(plain.probability, 1 - RATE, method="higher"))
    clean, _ = judge_all(bundle, machine, workers, "Scoring machine texts")
    found = {CLEAN: clean} | {
        name: judge_all(bundle, attacked(machine, name), workers, f"Scoring after {name}")[0]
        for name in ATTACKS
    }
    costs = {name: _cost(clean, each, cut) for name, each in found.items()}
    return {"human_texts": len(plain), "machine_texts": len(clean), "cut": cut, "attacks": costs}


def attacked(records: Sequence[Record], name: str) -> list[Record]:
    """`records` after the attack of that name, each with a generator seeded by its text."""
    attack = ATTACKS[name]
    seeds = (seeded_hash(record.text, SEED) for record in records)
    texts = [attack(r.text, np.random.default_rng(s)) for r, s in zip(records, seeds, strict=True)]
    return [replace(r, text=text, attack=name) for r, text in zip(records, texts, strict=True)]


def _cost(clean: Judged, attacked: Judged, cut: float) -> Card:
    """Rates after the attack, and the loss in each against the same texts before."""
    before = clean.where(np.isin(clean.index, attacked.index))
    after = attacked.where(np.isin(attacked.index, before.index))
    sides = {
        "above_cut": (before.probability >= cut, after.probability >= cut),
        "flagged": (before.flagged(TARGET), after.flagged(TARGET)),
    }
    return {name: rate(int(hit.sum()), len(hit)) | _loss(first, hit) for name, (first, hit) in sides.items()}


def _loss(before: Mask, after: Mask) -> dict[str, Any]:
    """Share lost, and its 95 % interval for paired proportions (Wald)."""
    lost, won, n = int((before & ~after).sum()), int((after & ~before).sum()), len(before)
    value = (lost - won) / n
    half = Z * float(np.sqrt(max(lost + won - (lost - won) ** 2 / n, 0.0))) / n
    return {"loss": value, "loss_interval": [value - half, value + half]}


def robustness_text(card: Card) -> str:
    """The card as Markdown."""
    head = [
        "attack",
        "found at 1 % FPR",
        "points lost (95 %)",
        "flagged as shipped (95 %)",
        "points lost (95 %)",
    ]
    rows = ([name, *_cells(each)] for name, each in card["attacks"].items())
    about = (
        f"{card['machine_texts']:,} machine texts; the cut lets one in a hundred of {card['human_texts']:,} "
        "human texts pass it. Attacks are seeded; paraphrases by language models are recorded in the data."
    )
    return f"# What attacks cost\n\n{about}\n\n{table(head, rows)}\n"


def _cells(each: Mapping[str, Any]) -> list[str]:
    above, flagged = each["above_cut"], each["flagged"]
    return [
        f"{above['rate']:.1%}",
        _points(above),
        interval(flagged["rate"], flagged["interval"], percent=True),
        _points(flagged),
    ]


def _points(side: Mapping[str, Any]) -> str:
    low, high = side["loss_interval"]
    return f"{100 * side['loss']:+.1f} ({100 * low:+.1f} to {100 * high:+.1f})"
