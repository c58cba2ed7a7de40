"""The outcome of one document: every number is computed from its sentences."""

import math

import pytest
from helpers import POINT, report
from hypothesis import given
from hypothesis import strategies as st

from neural_lab.outcome import Reason, Verdict, sigmoid, strongest_run

PROBABILITIES = st.lists(st.floats(0.01, 0.99), min_size=1, max_size=30)


@given(PROBABILITIES, st.randoms(use_true_random=False))
def test_document_probability_is_the_character_weighted_mean(probabilities, random) -> None:  # type: ignore[no-untyped-def]
    sentences = ["x" * random.randrange(1, 400) for _ in probabilities]
    outcome = report(sentences, probabilities)
    weighted = sum(len(s) * p for s, p in zip(sentences, probabilities, strict=True))
    assert outcome.probability == pytest.approx(weighted / sum(map(len, sentences)), abs=1e-9)


@given(PROBABILITIES)
def test_contributions_add_up_to_the_logit(probabilities: list[float]) -> None:
    for score in report(["A sentence."] * len(probabilities), probabilities).sentences:
        logit = math.log(score.probability / (1 - score.probability))
        assert math.fsum(score.contributions.values()) == pytest.approx(logit, abs=1e-9)


@pytest.mark.parametrize(
    ("probability", "words", "verdict", "reason"),
    [
        (0.9, 200, Verdict.LIKELY_AI, None),
        (0.3, 200, Verdict.LIKELY_HUMAN, None),
        (0.6, 200, Verdict.INCONCLUSIVE, Reason.BETWEEN),
        (0.9, 10, Verdict.INCONCLUSIVE, Reason.TOO_SHORT),
    ],
)
def test_verdicts(probability: float, words: int, verdict: Verdict, reason: Reason | None) -> None:
    outcome = report(["x" * 100], [probability], words=words)
    assert (outcome.verdict, outcome.reason) == (verdict, reason)


def test_a_machine_passage_in_a_human_document_is_mixed_and_marked() -> None:
    sentences, probabilities = ["x" * 200] * 40, [0.1] * 30 + [0.95] * 6 + [0.1] * 4
    outcome = report(sentences, probabilities, words=1400)
    assert outcome.verdict is Verdict.MIXED
    assert [outcome.flags(score) for score in outcome.sentences] == [p > 0.9 for p in probabilities]
    assert outcome.share_flagged == pytest.approx(6 / 40)


def test_nothing_is_marked_in_a_document_that_is_not_flagged() -> None:
    outcome = report(["x" * 30, "x" * 900], [0.99, 0.05])
    assert outcome.verdict is Verdict.LIKELY_HUMAN
    assert not any(outcome.flags(score) for score in outcome.sentences)


@given(PROBABILITIES)
def test_a_flagged_document_always_has_a_mark(probabilities: list[float]) -> None:
    outcome = report(["x" * 150] * len(probabilities), probabilities)
    flagged = outcome.verdict in (Verdict.LIKELY_AI, Verdict.MIXED)
    assert flagged == any(outcome.flags(score) for score in outcome.sentences)


@given(st.lists(st.tuples(st.integers(1, 300), st.floats(0, 1)), min_size=1, max_size=40))
def test_strongest_run_is_the_best_of_all_shortest_runs(sentences: list[tuple[int, float]]) -> None:
    lengths, probabilities = [n for n, _ in sentences], [p for _, p in sentences]
    means = [_mean(lengths, probabilities, 0, len(lengths))]
    for last in range(1, len(lengths) + 1):
        firsts = [first for first in range(last) if sum(lengths[first:last]) >= 500]
        means += [_mean(lengths, probabilities, max(firsts), last)] if firsts else []
    assert strongest_run(lengths, probabilities, 500)[2] == pytest.approx(max(means), abs=1e-9)


def _mean(lengths: list[int], probabilities: list[float], first: int, last: int) -> float:
    mass = sum(n * p for n, p in zip(lengths[first:last], probabilities[first:last], strict=True))
    return mass / sum(lengths[first:last])


@given(st.floats(allow_nan=False))
def test_sigmoid_stays_inside(logit: float) -> None:
    assert 0 < sigmoid(logit) < 1


def test_clear_cut_is_never_above_the_flag() -> None:
    assert POINT.clear <= POINT.document
