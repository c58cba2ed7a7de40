"""Signals against values worked out by hand."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from neural_lab.detect.lexicon import Lexicon, pack
from neural_lab.detect.neighbourhood import Neighbourhood
from neural_lab.detect.signals import SIGNALS, measure
from neural_lab.text.canonical import canonicalize
from neural_lab.text.sentences import segment
from neural_lab.types import Span, TokenScores

LEXICON = Lexicon(pack({"the": 7.7, "cat": 5.0, "sat": 4.5, "however": 5.3, "it": 7.0, "ran": 4.6}))


def tokens(text: str, logprob: list[float], entropy: list[float], variance: list[float]) -> TokenScores:
    """One token a word, with made-up columns."""
    spans = [(m, m + len(w)) for w, m in _words(text)]
    columns = [np.array(column, dtype=float) for column in (logprob, entropy, variance)]
    starts, ends = np.array(spans, dtype=np.int64).reshape(-1, 2).T
    return TokenScores(starts, ends, *columns, rank=np.zeros(len(spans)))


def _words(text: str) -> list[tuple[str, int]]:
    found, at = [], 0
    for word in text.split():
        at = text.index(word, at)
        found.append((word, at))
        at += len(word)
    return found


def signals(text: str, spans: list[Span], scores: TokenScores) -> dict[str, list[float]]:
    matrix = measure(text, spans, scores, LEXICON)
    return {name: matrix[:, at].tolist() for at, name in enumerate(SIGNALS)}


def test_by_hand() -> None:
    text = "The cat sat. However, it ran, the cat."
    spans = [Span(0, 12), Span(13, 38)]
    scores = tokens(text, [-1, -2, -3, -4, -1, -1, -2, -2], [2, 2, 2, 3, 1, 1, 2, 3], [1] * 8)
    found = signals(text, spans, scores)
    assert found["log_perplexity"] == pytest.approx([2.0, 2.0])
    assert found["entropy"] == pytest.approx([2.0, 2.0])
    assert found["curvature"] == pytest.approx([0.0, (10 - 10) / math.sqrt(5)])
    assert found["near_log_perplexity"] == pytest.approx([2.0, 2.0])
    assert found["entropy_spread"] == pytest.approx([math.sqrt(36 / 8 - 4)] * 2)
    assert found["connective_rate"] == pytest.approx([1 / 8] * 2)
    assert found["comma_rate"] == pytest.approx([2 / 8] * 2)
    assert found["word_length"] == pytest.approx([(3 + 3 + 3 + 7 + 2 + 3 + 3 + 3) / 8] * 2)
    assert found["sentence_length"] == pytest.approx([math.log(4), math.log(6)])
    assert found["word_frequency"][0] == pytest.approx((7.7 * 2 + 5 * 2 + 4.5 + 5.3 + 7 + 4.6) / 8, abs=0.05)
    assert found["rare_words"] == pytest.approx([0.0, 0.0])


def test_curvature_is_the_normalised_excess_of_log_probability_over_its_mean() -> None:
    text = "The cat sat."
    found = signals(text, [Span(0, 12)], tokens(text, [-1, -1, -1], [2, 2, 2], [4, 4, 1]))
    assert found["curvature"] == pytest.approx([(6 - 3) / 3])


def test_burstiness_needs_three_sentences() -> None:
    text = "The cat sat. It ran."
    assert math.isnan(
        signals(text, [Span(0, 12), Span(13, 20)], tokens(text, [-1] * 5, [1] * 5, [1] * 5))["burstiness"][0]
    )


def test_burstiness_is_the_mean_of_two_coefficients_of_variation() -> None:
    text = "It. It ran. It ran cat."
    spans = [Span(0, 3), Span(4, 11), Span(12, 23)]
    found = signals(text, spans, tokens(text, [-1, -2, -2, -3, -3, -3], [1] * 6, [1] * 6))
    variation = math.sqrt(2 / 3) / 2
    assert found["length_burstiness"] == pytest.approx([variation] * 3)
    assert found["burstiness"] == pytest.approx([variation] * 3)


def test_lexical_uniqueness_is_the_moving_average_type_token_ratio() -> None:
    text = "the cat " * 30
    spans = [Span(0, len(text.rstrip()))]
    found = signals(text, spans, tokens(text, [-1] * 60, [1] * 60, [1] * 60))
    assert found["lexical_uniqueness"] == pytest.approx([2 / 50])


def test_neighbourhood_reaches_three_sentences_either_way() -> None:
    near = Neighbourhood(9)
    assert near.sum(np.ones(9)).tolist() == [4, 5, 6, 7, 7, 7, 6, 5, 4]


@settings(max_examples=60)
@given(st.text(max_size=400))
def test_any_text_gives_numbers_or_nan_but_never_infinity(raw: str) -> None:
    text = canonicalize(raw).text
    spans = [sentence.span for sentence in segment(text)]
    if not spans:
        return
    count = len(text.split())
    matrix = measure(text, spans, tokens(text, [-1.5] * count, [2.0] * count, [1.0] * count), LEXICON)
    assert matrix.shape == (len(spans), len(SIGNALS))
    assert not np.isinf(matrix).any()
