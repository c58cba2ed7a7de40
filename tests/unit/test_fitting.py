"""Fitting: signs from data, calibration by length, cut points that hold, figures by hand."""

from dataclasses import replace

import numpy as np
import pytest
from helpers import needed
from hypothesis import given, settings
from hypothesis import strategies as st

needed("sklearn")

from scipy.special import expit

from neural_lab.detect.fusion import Fusion
from neural_lab.detect.signals import SIGNALS
from neural_lab.training import cut_points
from neural_lab.training.cut_points import FEW
from neural_lab.training.detection import TWO_SIDED
from neural_lab.training.evaluate import leave_one_source_out, table
from neural_lab.training.figures import auroc, calibration_error, true_positive_rate, wilson
from neural_lab.training.fit import calibrate, fit_fusion, scaled
from neural_lab.training.folds import balance, folds, held_out_logits
from neural_lab.training.held_out import hold_out, operating_points
from neural_lab.training.measured import Measured, joined

SENTENCES, DOCUMENTS = 4, 1200


def made(seed: int = 0, slips: float = 1.0) -> Measured:
    """Documents whose entropy is higher, and whose log-perplexity lower, when a machine wrote them."""
    rng = np.random.default_rng(seed)
    label = np.arange(DOCUMENTS) % 2
    owner = np.repeat(np.arange(DOCUMENTS), SENTENCES)
    signals = rng.normal(size=(DOCUMENTS, len(SIGNALS)))
    signals[:, SIGNALS.index("entropy")] += 1.5 * label
    signals[:, SIGNALS.index("log_perplexity")] -= 1.5 * label
    signals = signals[owner] + 0.3 * rng.normal(size=(len(owner), len(SIGNALS)))
    signals[rng.random(signals.shape) < 0.02] = np.nan
    evidence = (rng.exponential(slips, DOCUMENTS) * (1 - 0.5 * label))[owner]
    words = rng.choice([60, 100, 200, 500], DOCUMENTS)
    source = np.array(TWO_SIDED)[rng.integers(0, len(TWO_SIDED), DOCUMENTS)]
    blank = np.full(DOCUMENTS, "")
    characters = rng.integers(20, 300, len(owner)).astype(float)
    known = np.full(DOCUMENTS, 0.98)
    return Measured(signals, evidence, characters, owner, label, words, known, source, blank, blank)


@pytest.fixture(scope="module")
def data() -> Measured:
    return made()


@pytest.fixture(scope="module")
def fusion(data: Measured) -> Fusion:
    return fit_fusion(data, balance(data))


def test_signs_come_from_the_data(fusion: Fusion) -> None:
    assert np.diff(fusion.shapes["entropy"].values).min() > 0
    assert np.diff(fusion.shapes["log_perplexity"].values).max() < 0
    assert abs(fusion.shapes["comma_rate"].values[-1] - fusion.shapes["comma_rate"].values[0]) < 0.5


def test_shapes_average_to_zero_so_that_the_bias_is_the_starting_point(
    data: Measured, fusion: Fusion
) -> None:
    for at, name in enumerate(SIGNALS):
        column = data.signals[:, at]
        assert fusion.shapes[name](column[np.isfinite(column)]).mean() == pytest.approx(0, abs=1e-9)


def test_the_deduction_is_learned_and_never_a_surcharge(fusion: Fusion) -> None:
    assert 0 < fusion.evidence_cap < 5
    opposite = made()
    swapped = replace(opposite, **{"evidence": 10 * opposite.label[opposite.document].astype(float)})
    assert fit_fusion(swapped, balance(swapped)).evidence_weight == 0


def test_calibrated_probabilities_match_frequencies(data: Measured) -> None:
    logit = held_out_logits(data)
    bands = calibrate(logit, data, balance(data))
    probability = data.mean(expit(scaled(bands, logit, data)))
    assert calibration_error(data.label, probability) < 0.06


def test_held_out_logits_come_from_fusions_that_did_not_see_the_source(data: Measured) -> None:
    assert len(set(folds(data).tolist())) == len(TWO_SIDED)
    changed = made()
    first = data.source == TWO_SIDED[0]
    flipped = replace(changed, **{"label": np.where(first, 1 - data.label, data.label)})
    rows = first[data.document]
    assert held_out_logits(flipped)[rows] == pytest.approx(held_out_logits(data)[rows], abs=1e-6)


def rates(scores: np.ndarray, family: np.ndarray, cuts: tuple[float, float]) -> float:
    """Weighted share flagged plus one more text of the heaviest family: what a target has to hold."""
    _, number, count = np.unique(family, return_inverse=True, return_counts=True)
    weight = 1 / np.maximum(count, FEW)[number]
    weight /= weight.sum() + weight.max()
    return float(weight[(scores >= cuts).any(axis=1)].sum() + weight.max())


@settings(max_examples=200)
@given(st.integers(0, 10**6), st.sampled_from([0.01, 0.05]), st.sampled_from([1, 2, 6]))
def test_cuts_hold_the_target_with_one_text_to_spare_also_with_ties(
    seed: int, target: float, digits: int
) -> None:
    rng = np.random.default_rng(seed)
    scores = np.round(rng.beta(2, 5, size=(600, 2)), digits)
    family = np.array(["a", "b", "c"])[rng.integers(0, 3, 600)]
    cuts = cut_points._cuts(scores, family, target)
    assert rates(scores, family, cuts) <= target + 1e-9 or cuts == (1.0, 1.0)


def test_too_few_texts_give_no_cut() -> None:
    assert cut_points._cuts(np.random.default_rng(0).random((40, 2)), np.full(40, "a"), 0.01) == (1.0, 1.0)


def test_operating_points_say_how_the_procedure_did_on_unseen_sources(data: Measured) -> None:
    unseen = hold_out(data)
    points = list(operating_points(data, unseen.scores, unseen))
    assert {point.target for point in points} == {0.05, 0.01}
    assert sum(p.texts for p in points if p.target == 0.05) == (data.label == 0).sum()
    assert sum(p.flagged for p in points if p.target == 0.05) == unseen.flagged[0.05][data.label == 0].sum()


def test_nothing_about_a_source_reaches_its_own_judgement(data: Measured) -> None:
    first = data.source == TWO_SIDED[0]
    flipped = replace(data, label=np.where(first, 1 - data.label, data.label))
    assert hold_out(flipped).scores[first] == pytest.approx(hold_out(data).scores[first], abs=1e-6)
    assert (hold_out(flipped).flagged[0.05][first] == hold_out(data).flagged[0.05][first]).all()


def test_leave_one_source_out_reports_each_source_twice(data: Measured) -> None:
    rows = list(leave_one_source_out(data, hold_out(data), 50))
    assert [row.source for row in rows[::2]] == list(TWO_SIDED)
    assert all(row.auroc > 0.8 for row in rows)
    assert "**mean**" in table(rows)


def test_wilson_by_hand() -> None:
    assert wilson(0, 0) == (0.0, 1.0)
    assert wilson(5, 100) == pytest.approx((0.0215, 0.1118), abs=5e-5)
    assert wilson(0, 100)[0] == pytest.approx(0, abs=1e-12)


@given(st.integers(0, 200), st.integers(1, 200))
def test_wilson_holds_the_rate(hits: int, more: int) -> None:
    low, high = wilson(hits, hits + more)
    assert 0 <= low <= hits / (hits + more) + 1e-12
    assert hits / (hits + more) - 1e-12 <= high <= 1


def test_auroc_by_hand() -> None:
    label, score = np.array([0, 0, 1, 1]), np.array([0.1, 0.4, 0.35, 0.8])
    area, low, high = auroc(label, score)
    assert area == 0.75
    assert low < area < high
    assert auroc(label, np.ones(4))[0] == 0.5
    assert auroc(label, label.astype(float)) == pytest.approx((1.0, 0.025**0.5, 1.0))


def test_true_positive_rate_by_hand() -> None:
    label = np.array([0] * 100 + [1] * 4)
    score = np.concatenate((np.arange(100) / 100, [0.5, 0.985, 0.995, 1.0]))
    assert true_positive_rate(label, score, 0.01) == 0.75


def test_parts_join_and_part_again(data: Measured) -> None:
    first = data.words > 100
    whole = joined([data.where(first), data.where(~first)])
    assert (whole.where(whole.words > 100).document == data.where(first).document).all()
    assert whole.mean(whole.evidence).sum() == pytest.approx(data.mean(data.evidence).sum())
