"""What every `TokenScorer` owes, tried on the embedded language model."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from neural_lab.backends.bundle import Bundle
from neural_lab.backends.onnx_scorer import OnnxScorer
from neural_lab.compose import EMBEDDED
from neural_lab.types import Span, TokenScores

TEXTS = (
    "A short one.",
    "The committee met on Tuesday, and nobody could say afterwards what had been decided. " * 40,
    "",
    "Zażółć gęślą jaźń \U0001f600 漢字 and back to English.",
    "x" * 5000,
)


@pytest.fixture(scope="module")
def scorer() -> OnnxScorer:
    return Bundle(EMBEDDED).scorer()


def same(left: TokenScores, right: TokenScores, tolerance: float) -> bool:
    return all(
        np.allclose(a, b, rtol=0, atol=tolerance) for a, b in zip(left.columns, right.columns, strict=True)
    )


def test_a_texts_columns_do_not_depend_on_its_companions(scorer: OnnxScorer) -> None:
    alone = [scorer.score([text])[0] for text in TEXTS]
    for batch in (TEXTS, TEXTS[::-1]):
        order = TEXTS.index if batch is TEXTS else lambda text: len(TEXTS) - 1 - TEXTS[::-1].index(text)
        together = scorer.score(batch)
        assert all(same(together[i], alone[order(text)], 1e-6) for i, text in enumerate(batch))


def test_threads_do_not_change_the_answer() -> None:
    model, tokenizer = EMBEDDED / "scorer.onnx", EMBEDDED / "tokenizer.json"
    one, four = (OnnxScorer(model, tokenizer, "x", threads) for threads in (1, 4))
    assert same(one.score([TEXTS[1]])[0], four.score([TEXTS[1]])[0], 1e-6)


@settings(max_examples=40, deadline=None)
@given(st.text(max_size=300))
def test_tokens_cover_every_character_in_order(text: str) -> None:
    found = Bundle(EMBEDDED).scorer().score([text])[0] if not _SHARED else _SHARED[0].score([text])[0]
    covered = np.zeros(len(text), dtype=bool)
    for start, end in zip(found.starts, found.ends, strict=True):
        assert 0 <= start < end <= len(text)
        covered[start:end] = True
    assert covered.all()
    assert (np.diff(found.starts) >= 0).all()


_SHARED: list[OnnxScorer] = []


@pytest.fixture(autouse=True, scope="module")
def _share(scorer: OnnxScorer) -> None:
    _SHARED.append(scorer)


def test_columns_are_those_of_a_distribution(scorer: OnnxScorer) -> None:
    found = scorer.score([TEXTS[1]])[0]
    vocabulary = 8192
    assert (found.logprob < 0).all()
    assert ((found.entropy > 0) & (found.entropy <= np.log(vocabulary))).all()
    assert (found.variance >= 0).all()
    assert ((found.rank >= 0) & (found.rank < vocabulary)).all()


def test_repetition_is_less_surprising(scorer: OnnxScorer) -> None:
    found = scorer.score([TEXTS[1]])[0]
    assert found.logprob[-100:].mean() > found.logprob[:16].mean()


def test_word_order_matters(scorer: OnnxScorer) -> None:
    plain, shuffled = scorer.score(
        ["The committee met on Tuesday in the town hall.", "Hall the on town committee Tuesday the in met."]
    )
    assert plain.logprob.mean() > shuffled.logprob.mean()


def test_pool_gives_a_vector_a_span_and_zero_where_there_is_nothing(scorer: OnnxScorer) -> None:
    text = TEXTS[1]
    vectors = scorer.pool(text, [Span(0, 85), Span(85, len(text)), Span(len(text), len(text) + 5)])
    assert vectors.shape == (3, 256)
    assert np.linalg.norm(vectors[:2], axis=1).min() > 1
    assert not vectors[2].any()
