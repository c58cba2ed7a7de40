"""The outcome of one document: every number is computed from its sentences."""

import math
from dataclasses import replace

import pytest
from helpers import ABSTRACTS, LEARNERS, POINT, ROWS, report
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


@given(st.lists(st.tuples(st.integers(1, 5_000), st.floats(0.001, 0.999)), min_size=1, max_size=30))
def test_the_three_shares_add_up_to_exactly_one(sentences: list[tuple[int, float]]) -> None:
    outcome = report(["x" * n for n, _ in sentences], [p for _, p in sentences], words=1400)
    found, total = outcome.breakdown, sum(n for n, _ in sentences)
    lengths = [(score.probability, score.sentence.span.length) for score in outcome.sentences]
    machine = sum(n for p, n in lengths if p >= POINT.sentence)
    human = sum(n for p, n in lengths if p <= 0.5)
    assert found.machine + found.mixed + found.human == 1
    assert (found.machine, found.human) == (machine / total, pytest.approx(human / total, abs=1e-15))
    assert (found.mixed == 0) == (machine + human == total)
    assert (found.human == 0) == (human == 0)
    if outcome.verdict in (Verdict.LIKELY_AI, Verdict.MIXED):
        assert found.machine == outcome.share_flagged


@pytest.mark.parametrize(("document", "run"), [(0.4, 0.9), (0.9, 0.3), (1.0, 1.0), (0.72, 0.8)])
def test_no_sentence_reads_like_both(document: float, run: float) -> None:
    point = replace(POINT, document=document, run=run)
    found = report(["x" * 10] * 99, [n / 100 for n in range(1, 100)], point=point).breakdown
    assert found.human_to <= found.machine_from == point.sentence
    assert found.machine == sum(n / 100 >= point.sentence for n in range(1, 100)) / 99
    assert found.machine + found.mixed + found.human == 1


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


DOUBTS = {
    Reason.QUOTED: {"quoted_share": 0.51},
    Reason.GENRE: {"genre_measured": False},
    Reason.DISAGREE: {"disagreement": 2.1, "most_disagreement": 2.0},
}


@pytest.mark.parametrize("reason", DOUBTS)
def test_a_doubt_withholds_a_flag_and_never_a_clearing(reason: Reason) -> None:
    flagged, cleared = (report(["x" * 100], [p], **DOUBTS[reason]) for p in (0.9, 0.3))
    assert (flagged.verdict, flagged.reason, flagged.notes) == (Verdict.INCONCLUSIVE, reason, ())
    assert not any(flagged.flags(score) for score in flagged.sentences)
    assert (cleared.verdict, cleared.notes) == (Verdict.LIKELY_HUMAN, (reason,))


def test_a_doubt_withholds_mixed_too() -> None:
    sentences, probabilities = ["x" * 200] * 40, [0.1] * 30 + [0.95] * 6 + [0.1] * 4
    assert report(sentences, probabilities, words=1400, genre_measured=False).reason is Reason.GENRE


def test_between_the_cut_points_a_doubt_is_a_note() -> None:
    outcome = report(["x" * 100], [0.6], quoted_share=0.9)
    assert (outcome.reason, outcome.notes) == (Reason.BETWEEN, (Reason.QUOTED,))


def test_further_doubts_are_notes() -> None:
    outcome = report(["x" * 100], [0.9], quoted_share=0.9, genre_measured=False)
    assert (outcome.reason, outcome.notes) == (Reason.QUOTED, (Reason.GENRE,))


def test_at_the_limit_there_is_no_doubt() -> None:
    outcome = report(["x" * 100], [0.9], quoted_share=0.5, disagreement=2.0, most_disagreement=2.0)
    assert (outcome.verdict, outcome.notes) == (Verdict.LIKELY_AI, ())


@pytest.mark.parametrize(
    ("language", "measured"), [(None, True), ("en", True), ("de", False), ("zxx", False)]
)
def test_only_english_was_measured(language: str | None, measured: bool) -> None:
    outcome = report(["x" * 100], [0.9], language=language, genre_measured=False)
    assert outcome.measurable is measured
    assert (outcome.reason is Reason.LANGUAGE) is not measured
    assert measured or not outcome.notes


def test_the_error_row_is_the_worst_that_applies() -> None:
    assert report(error_rows=ROWS).error_row == LEARNERS
    assert report(error_rows=(ABSTRACTS,)).error_row == ABSTRACTS
    assert report().error_row is None


def test_clear_cut_is_never_above_the_flag() -> None:
    assert POINT.clear <= POINT.document
