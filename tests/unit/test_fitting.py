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
from neural_lab.detect.signals import FUSED
from neural_lab.training import cut_points
from neural_lab.training.cut_points import FEW, cuts_by_band, fewest_texts, judged
from neural_lab.training.error_rows import error_rows
from neural_lab.training.evaluate import (
    NO_CUT,
    false_positive_table,
    false_positives,
    leave_one_source_out,
    table,
)
from neural_lab.training.figures import auroc, calibration_error, true_positive_rate, wilson
from neural_lab.training.fit import calibrate, fit_fusion, scaled
from neural_lab.training.folds import balance, held_out_logits
from neural_lab.training.held_out import HeldOut, hold_out, operating_points
from neural_lab.training.measured import Measured, joined
from neural_lab.training.stack import fit_stack, stacked

SENTENCES, DOCUMENTS = 4, 1200


SOURCES = ("a", "b", "c")


def made(seed: int = 0, slips: float = 1.0) -> Measured:
    """Documents whose entropy is higher, and whose log-perplexity lower, when a machine wrote them.

    Two sentences a passage; the passages' only feature of use is the first.
    """
    rng = np.random.default_rng(seed)
    label = np.arange(DOCUMENTS) % 2
    owner = np.repeat(np.arange(DOCUMENTS), SENTENCES)
    signals = rng.normal(size=(DOCUMENTS, len(FUSED)))
    signals[:, FUSED.index("entropy")] += 1.5 * label
    signals[:, FUSED.index("log_perplexity")] -= 1.5 * label
    signals = signals[owner] + 0.3 * rng.normal(size=(len(owner), len(FUSED)))
    signals[rng.random(signals.shape) < 0.02] = np.nan
    source = np.array(SOURCES)[rng.integers(0, len(SOURCES), DOCUMENTS)]
    blank = np.full(DOCUMENTS, "")
    passage = np.repeat(np.arange(DOCUMENTS), SENTENCES // 2)
    starts = np.arange(len(passage)) * 2
    features = rng.normal(size=(len(passage), 3)).astype(np.float32)
    features[:, 0] += 1.5 * label[passage]
    return Measured(
        signals=signals,
        evidence=(rng.exponential(slips, DOCUMENTS) * (1 - 0.5 * label))[owner],
        characters=rng.integers(20, 300, len(owner)).astype(float),
        marked=label[owner],
        document=owner,
        features=features,
        vectors=np.zeros((len(passage), 2), np.float16),
        borders=np.column_stack((starts, starts + 2)),
        passage_document=passage,
        label=label,
        words=rng.choice([60, 100, 200, 500], DOCUMENTS),
        known=np.full(DOCUMENTS, 0.98),
        source=source,
        fold=np.searchsorted(SOURCES, source),
        family=source,
        genre=np.full(DOCUMENTS, "essays"),
        domain=blank,
        model=blank,
        attack=blank,
        writer=blank,
    )


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
    for at, name in enumerate(FUSED):
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
    changed = made()
    first = data.source == SOURCES[0]
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


def test_cuts_above_all_texts_hold_the_target_for_two_scores_together() -> None:
    rng, hits, draws = np.random.default_rng(3), 0, 1500
    for _ in range(draws):
        scores = rng.random((121, 2))
        cuts = cut_points._cuts(scores[:120], np.full(120, "a"), 0.01)
        hits += bool((scores[120] >= cuts).any())
    assert cuts[0] > 0.9
    assert hits / draws < 0.01 + 3 * (0.01 / draws) ** 0.5


def test_too_few_texts_give_no_cut() -> None:
    assert cut_points._cuts(np.random.default_rng(0).random((40, 2)), np.full(40, "a"), 0.01) == (1.0, 1.0)


def parted(data: Measured, apart: float) -> np.ndarray:
    """Log-odds of every sentence: `apart` below zero where a human wrote it, else above it."""
    noise = np.random.default_rng(5).normal(size=len(data.document))
    return apart * (2.0 * data.label[data.document] - 1) + noise


def test_no_cut_is_lower_than_even_however_well_the_classes_part(data: Measured) -> None:
    data = replace(data, words=np.full(DOCUMENTS, 200))
    scores, human = judged(data, parted(data, 12)), data.label == 0
    assert cut_points._cuts(scores[human], data.family[human], 0.025)[0] < 1e-3
    for target in (0.05, 0.01):
        cuts = cuts_by_band(data, scores, target)(data.words)
        assert (cuts == 0.5).all()
        flagged = cut_points.reached(scores, cuts)
        assert not flagged[human].any()
        assert flagged[~human].all()


def test_cuts_above_even_stay_as_they_are(data: Measured) -> None:
    scores = judged(data, parted(data, 0.2))
    inside = (data.label == 0) & (data.words == 60)
    plain = cut_points._cuts(scores[inside], data.family[inside], 0.025)
    assert 0.5 < min(plain) <= max(plain) < 1
    assert tuple(cuts_by_band(data, scores, 0.05)(np.array([60]))[0]) == plain


def test_no_cut_is_reached_by_nothing() -> None:
    scores = np.array([[1.0, 1.0], [1.0, 0.2], [0.1, 1.0]])
    assert not cut_points.reached(scores, np.ones((3, 2))).any()
    assert cut_points.reached(scores, np.array([[0.9, 1.0]] * 3)).tolist() == [True, True, False]


def test_log_odds_are_bounded_as_they_are_in_use(data: Measured) -> None:
    assert judged(data, parted(data, 100)).max() == pytest.approx(1 / (1 + np.exp(-15)), abs=1e-12)


@pytest.mark.parametrize("target", [0.05, 0.01])
def test_so_many_texts_have_a_cut_and_fewer_have_none(target: float) -> None:
    rng, least = np.random.default_rng(0), fewest_texts(target)
    enough, few = (rng.random((texts, 2)) for texts in (least, least - 2))
    named = np.full(least, "a")
    assert cut_points._cuts(enough, named, target / 2)[0] < 1
    assert cut_points._cuts(few, named[2:], target / 2) == (1.0, 1.0)


def test_where_there_is_no_cut_nothing_is_flagged_and_no_rate_is_told(data: Measured) -> None:
    """Few texts that part so well that their probabilities are 1: flagged at 5 %, never at 1 %."""
    few = data.where(np.arange(DOCUMENTS) < 240)
    far = replace(few, signals=few.signals + 40.0 * (few.marked[:, None] * 2 - 1), words=np.full(240, 200))
    unseen = hold_out(far, 0)
    machine = far.label == 1
    assert unseen.flagged[0.05][machine].all()
    assert not unseen.flagged[0.05][~machine].any()
    assert not unseen.flagged[0.01].any()
    assert not unseen.cut[0.01].any()
    rows = table(list(leave_one_source_out(far, unseen, 50)))
    families = false_positive_table(false_positives(far, unseen, 50))
    for told in (rows, families):
        assert NO_CUT in told
        assert "%)" not in told.partition("\n")[2]


def test_a_rate_says_how_many_texts_had_no_cut() -> None:
    told = false_positive_table([("essays", 2, 200, 40), ("news", 1, 100, 0), ("mail", 0, 30, 30)])
    assert told.count("without a cut") == 1
    assert "1.0% (0.3%-3.6%), 40 without a cut" in told
    assert f"| mail | {NO_CUT} | 30 |" in told


@pytest.fixture(scope="module")
def unseen(data: Measured) -> HeldOut:
    return hold_out(data, 0)


def test_operating_points_say_how_the_procedure_did_on_unseen_sources(
    data: Measured, unseen: HeldOut
) -> None:
    points = list(operating_points(data, unseen.scores, unseen))
    assert {point.target for point in points} == {0.05, 0.01, 0.005, 0.001}
    assert sum(p.texts for p in points if p.target == 0.05) == (data.label == 0).sum()
    assert sum(p.flagged for p in points if p.target == 0.05) == unseen.flagged[0.05][data.label == 0].sum()


def test_nothing_about_a_source_reaches_its_own_judgement(data: Measured, unseen: HeldOut) -> None:
    first = data.source == SOURCES[0]
    flipped = replace(data, label=np.where(first, 1 - data.label, data.label))
    without = hold_out(flipped, 0)
    assert without.scores[first] == pytest.approx(unseen.scores[first], abs=1e-6)
    assert (without.flagged[0.05][first] == unseen.flagged[0.05][first]).all()


def test_leave_one_source_out_reports_each_source_twice(data: Measured, unseen: HeldOut) -> None:
    rows = list(leave_one_source_out(data, unseen, 50))
    assert [row.source for row in rows[::2]] == list(SOURCES)
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
    assert (whole.features[whole.passage_document == 0] == whole.where(whole.words > 100).features[:2]).all()
    assert (whole.where(~(whole.words > 100)).borders == data.where(~first).borders).all()


def test_a_sentence_gets_the_mean_of_its_passages(data: Measured) -> None:
    few = data.where(np.arange(DOCUMENTS) < 2)
    overlapping = replace(few, borders=np.array([[0, 3], [1, 4], [4, 6], [6, 8]]))
    column = overlapping.with_ensemble(np.array([1.0, 3.0, 5.0, 7.0])).signals[:, FUSED.index("ensemble")]
    assert column == pytest.approx([1, 2, 2, 3, 5, 5, 7, 7])


def test_the_ensemble_judges_each_fold_by_learners_that_did_not_see_it(data: Measured) -> None:
    first = data.fold == 0
    flipped = replace(data, label=np.where(first, 1 - data.label, data.label))
    ensemble, filled = fit_stack(data.where(~first), 0)
    again, _ = fit_stack(flipped.where(~first), 0)
    column = filled.signals[:, FUSED.index("ensemble")]
    labels = filled.label[filled.document]
    assert auroc(labels, column)[0] > 0.8
    assert stacked(ensemble, data).signals[:, -1] == pytest.approx(stacked(again, data).signals[:, -1])


def test_error_rows_count_what_was_flagged(data: Measured, unseen: HeldOut) -> None:
    rows = list(error_rows(data, unseen))
    essays = [row for row in rows if row.group == "essays" and row.target == 0.05]
    assert sum(row.texts for row in essays) == (data.label == 0).sum()
    assert sum(row.flagged for row in essays) == unseen.flagged[0.05][data.label == 0].sum()
    assert sum(row.machine_flagged for row in essays) == unseen.flagged[0.05][data.label == 1].sum()
