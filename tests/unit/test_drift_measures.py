"""Measures of drift: known values, and what holds of all samples."""

from __future__ import annotations

import math

import numpy as np
import pytest
from helpers import needed
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from neural_lab.detect.drift_measures import (
    chi_square,
    counted,
    dispersion,
    edges,
    ks,
    ks_by_chance,
    psi,
    psi_by_chance,
)

VALUES = arrays.arrays(np.float64, st.integers(50, 200), elements=st.floats(-1e6, 1e6, width=32))
COUNTS = st.lists(st.tuples(st.integers(0, 500), st.integers(0, 500)), min_size=2, max_size=12)


def test_the_index_of_two_counts_is_what_its_formula_says() -> None:
    p, q = (10.5 / 31, 20.5 / 31), (20.5 / 31, 10.5 / 31)
    by_hand = sum((b - a) * math.log(b / a) for a, b in zip(p, q, strict=True))
    assert psi(np.array([10, 20]), np.array([20, 10])) == pytest.approx(by_hand)
    assert psi(np.array([7, 7, 7]), np.array([900, 900, 900])) == pytest.approx(0)


@given(COUNTS)
def test_the_index_is_finite_symmetric_and_never_negative(pairs: list[tuple[int, int]]) -> None:
    first, second = (np.array(side) for side in zip(*pairs, strict=True))
    found = psi(first, second)
    assert math.isfinite(found)
    assert found >= -1e-12
    assert found == pytest.approx(psi(second, first))
    assert psi(first, first) == 0


@settings(deadline=None)
@given(VALUES, st.integers(2, 10))
def test_every_value_is_in_one_bin_and_bins_of_distinct_values_are_equal(
    values: np.ndarray, bins: int
) -> None:
    at = edges(values, bins)
    assert np.all(np.diff(at) > 0)
    assert counted(values, at).sum() == values.size
    assert counted(values, at).size == at.size + 1
    distinct = np.unique(values)
    if distinct.size >= 50:
        parts = counted(distinct, edges(distinct, bins))
        assert parts.size == bins
        assert parts.max() - parts.min() <= 1


def test_values_that_repeat_make_fewer_bins_and_none_is_empty() -> None:
    values = np.array([0.0] * 80 + [*range(1, 21)])
    found = counted(values, edges(values, 10))
    assert found[0] == 80
    assert 2 <= found.size < 10
    assert found.min() > 0


def test_what_was_constant_and_is_not_any_more_is_seen() -> None:
    at = edges(np.full(100, 3.0), 10)
    same = counted(np.full(100, 3.0), at)
    assert same.tolist() == [0, 100, 0]
    assert psi(same, counted(np.full(100, 3.1), at)) > 5
    assert psi(same, counted(np.full(100, 2.9), at)) > 5


def test_the_distance_of_samples_is_that_of_their_steps() -> None:
    assert ks(np.array([1.0, 2, 3, 4]), np.array([1.0, 2, 3, 4])) == 0
    assert ks(np.array([1.0, 2, 3, 4]), np.array([3.0, 4, 5, 6])) == 0.5
    assert ks(np.zeros(5), np.ones(9)) == 1


@settings(deadline=None, max_examples=30)
@given(VALUES, VALUES)
def test_the_distance_is_that_of_scipy(first: np.ndarray, second: np.ndarray) -> None:
    theirs = needed("scipy.stats").ks_2samp(first, second, method="asymp").statistic
    assert ks(first, second) == pytest.approx(theirs, abs=1e-12)


@pytest.mark.parametrize("freedom", [2, 4, 9])
@pytest.mark.parametrize("level", [0.5, 0.99, 0.9999])
def test_quantiles_are_close_to_those_of_scipy(freedom: int, level: float) -> None:
    theirs = needed("scipy.stats").chi2.ppf(level, freedom)
    assert chi_square(freedom, level) == pytest.approx(theirs, rel=0.05)


def test_chance_makes_more_of_fewer_texts() -> None:
    assert psi_by_chance(10, 100, 50, 0.99) == pytest.approx(21.67 * 0.03, rel=0.01)
    assert psi_by_chance(10, 1_000, 500, 0.99) == pytest.approx(psi_by_chance(10, 100, 50, 0.99) / 10)
    assert ks_by_chance(100, 100, 0.95) == pytest.approx(1.358 * math.sqrt(2 / 100), rel=1e-3)


def test_simulated_indices_are_as_chance_is_said_to_make_them() -> None:
    rng, n, m = np.random.default_rng(5), 300, 200
    found = []
    for _ in range(2_000):
        before = rng.normal(size=n)
        at = edges(before, 10)
        found.append(psi(counted(before, at), counted(rng.normal(size=m), at)))
    assert np.mean(found) == pytest.approx(9 * (1 / n + 1 / m), rel=0.05)
    assert np.mean(np.array(found) > psi_by_chance(10, n, m, 0.99)) < 0.02


def test_days_that_differ_by_chance_alone_are_hardly_dispersed() -> None:
    rng = np.random.default_rng(0)
    even = [dispersion(rng.multinomial(100, [0.1] * 10, 28)) for _ in range(50)]
    assert np.mean(even) < 1.1
    lots = rng.multinomial(1, [0.1] * 10, 28) * 100
    assert dispersion(lots) > 50
    assert dispersion(np.array([[50, 50]])) == dispersion(np.array([[50, 0], [9, 0]])) == 1
