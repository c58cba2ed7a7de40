"""n-grams: hashed the same way everywhere, blind to case and spacing, unit length a kind."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from neural_lab.detect.ngrams import BUCKETS, Ngrams, counted

THE_CAT = [
    32662, 100730, 117540, 125861, 133065, 135419, 144295, 166373, 175757, 228542, 238344, 239400,
]  # fmt: skip


@given(st.text(max_size=300))
def test_any_text_is_counted(text: str) -> None:
    bucket, value = counted(text)
    assert len(bucket) == len(value)
    assert ((bucket >= 0) & (bucket < BUCKETS)).all()
    assert np.isfinite(value).all()


def test_case_and_spacing_do_not_matter() -> None:
    for one, other in zip(counted("The cat  sat."), counted("the CAT\nsat."), strict=True):
        assert (one == other).all()


def test_each_kind_has_unit_length() -> None:
    _, value = counted("a cat sat on the mat and a dog sat on it")
    assert value @ value == pytest.approx(4)


def test_words_count_beside_their_letters() -> None:
    whole, parted = counted("cat nap")[0], counted("catnap")[0]
    assert len(np.setdiff1d(whole, parted)) >= 3


def test_a_bucket_stays_where_it_is() -> None:
    assert counted("the cat")[0].tolist() == THE_CAT


def test_log_odds_are_the_weighted_sum() -> None:
    weight = np.zeros(BUCKETS, dtype=np.float32)
    bucket, value = counted("the cat")
    weight[bucket[0]] = 2.0
    mine = value[bucket == bucket[0]].sum()
    assert Ngrams(weight, 0.5).log_odds("the cat") == pytest.approx(0.5 + 2 * mine)
    assert Ngrams(weight, 0.5).log_odds("") == 0.5
