"""What attacks cost: paired, seeded, by hand."""

import numpy as np
import pytest
from helpers import needed

needed("sklearn")
needed("matplotlib")

from neural_lab.training.dataset import Record
from neural_lab.training.robustness import _loss, attacked, robustness_text


def test_a_loss_by_hand() -> None:
    before, after = np.array([1] * 60 + [0] * 40, bool), np.array([1] * 50 + [0] * 45 + [1] * 5, bool)
    found = _loss(before, after)
    assert found["loss"] == pytest.approx(0.05)
    low, high = found["loss_interval"]
    # Ten lost and five won of a hundred: 1.96 * sqrt(15 - 25 / 100) / 100.
    assert (low, high) == pytest.approx((0.05 - 0.0753, 0.05 + 0.0753), abs=1e-4)


def test_an_attack_changes_the_text_and_nothing_else_and_always_alike() -> None:
    record = Record("It is what it is, and that, I think, is that.", 1, "a", "b", "c", "", "", "g", "f.csv:2")
    first, again = (attacked([record], "casing")[0] for _ in range(2))
    assert first == again
    assert first.text != record.text
    assert first.text.casefold() == record.text.casefold()
    assert (first.label, first.row, first.attack) == (1, "f.csv:2", "casing")


def test_the_table_names_every_attack() -> None:
    side = {"rate": 0.5, "interval": [0.4, 0.6], "loss": 0.1, "loss_interval": [0.05, 0.15]}
    both = {"above_cut": side, "flagged": side}
    card = {"human_texts": 10, "machine_texts": 20, "cut": 0.9, "attacks": {"none": both, "typos_1": both}}
    text = robustness_text(card)
    assert "| typos_1 | 50.0% | +10.0 (+5.0 to +15.0) |" in text
