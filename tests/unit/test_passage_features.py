"""Features of passages: one order, finite numbers, and what they say by hand."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from neural_lab.detect.encoded import Head, averaged, read, spread_out
from neural_lab.detect.passage_features import ENCODED, PASSAGE_FEATURES, text_features
from neural_lab.detect.signals import SIGNALS
from neural_lab.text.passages import Passage
from neural_lab.types import Encoding, Span, TokenScores

TEXT = "I saw it. You did, too! We don't know 12 Cats."
SPANS = [Span(0, 9), Span(10, 23), Span(24, 46)]


def tokens(surprise: list[float]) -> TokenScores:
    starts = np.linspace(0, 44, len(surprise)).astype(np.int64)
    column = np.array(surprise)
    rank = np.where(column < 1, 0.0, 50.0)
    return TokenScores(starts, starts + 1, -column, column + 0.5, np.ones(len(surprise)), rank)


def features(surprise: list[float]) -> dict[str, float]:
    signals = np.ones((3, len(SIGNALS)))
    signals[1, 0] = np.nan
    row = text_features(TEXT, SPANS, [Passage(0, 0, 3)], signals, tokens(surprise))[0]
    return dict(zip(PASSAGE_FEATURES[len(ENCODED) :], row, strict=True))


def test_names_and_numbers_match() -> None:
    assert len(set(PASSAGE_FEATURES)) == len(PASSAGE_FEATURES)
    assert len(features([1.0, 2.0, 3.0])) == len(PASSAGE_FEATURES) - len(ENCODED)


def test_by_hand() -> None:
    found = features([0.5, 0.5, 3.0, 0.5])
    assert found["surprise_0.5"] == 0.5
    assert found["rank_below_1"] == 0.75
    assert found["likeliest_run"] == 1.5
    assert found["curvature"] == pytest.approx(0.5)
    assert found["pronouns"] == pytest.approx(3 / 11)
    assert found["contractions"] == pytest.approx(1 / 11)
    assert found["digits"] == pytest.approx(1 / 11)
    assert found["mean_log_perplexity"] == 1.0


@settings(max_examples=50)
@given(st.lists(st.floats(0, 40), max_size=12))
def test_always_finite(surprise: list[float]) -> None:
    assert np.isfinite(list(features(surprise).values())).all()


def test_a_passage_is_the_token_weighted_mean_of_its_sentences() -> None:
    head = Head(np.array([1.0, 0.0]), 0.5)
    encoding = Encoding(np.array([[1, 5], [4, 5], [0, 0]], np.float32), np.array([1, 2, 0]))
    read_ = read([Passage(0, 0, 3)], [encoding], head)
    assert read_.vectors[0] == pytest.approx([3, 5])
    assert read_.figures[0] == pytest.approx([3.5, 1.5, 4.5, 1.5])
    assert read_.log_odds == pytest.approx([1.5, 4.5, 0.5])
    assert Head.from_dict(head.as_dict()).weight.tolist() == [1.0, 0.0]


def test_overlapping_passages_are_averaged() -> None:
    cut = [Passage(0, 0, 2), Passage(1, 2, 3)]
    assert averaged(cut, [np.array([1.0, 2.0]), np.array([4.0, 6.0])]) == pytest.approx([1, 3, 6])
    assert spread_out(cut, np.array([1.0, 3.0])) == pytest.approx([1, 2, 3])
