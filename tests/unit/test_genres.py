"""Genres by distance: what is near, what is too far, and where the limit comes from."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from neural_lab.detect.genres import Genres, mean_vector
from neural_lab.training.fit_genres import FEWEST, fit_genres

GENRES = Genres(("a", "b", "c"), np.array([[0.0, 0.0], [4.0, 0.0], [40.0, 0.0]]), np.array([1.0, 2.0]), 3.0)


def test_distances_by_hand() -> None:
    found = GENRES.distances(np.array([3.0, 8.0]))
    assert found == pytest.approx(
        [math.sqrt((9 + 16) / 2), math.sqrt((1 + 16) / 2), math.sqrt((37**2 + 16) / 2)]
    )


def test_what_is_undefined_is_left_out() -> None:
    assert GENRES.distances(np.array([3.0, np.nan])) == pytest.approx([3.0, 1.0, 37.0])
    assert GENRES.distances(np.full(2, np.nan)).tolist() == [np.inf] * 3


@pytest.mark.parametrize(
    ("at", "plausible", "measured"),
    [(0.5, ("a",), True), (2.0, ("a", "b"), True), (2.1, ("b", "a"), True), (3.0, ("b",), True)],
)
def test_near_ones_are_plausible_nearest_first(at: float, plausible: tuple[str, ...], measured: bool) -> None:
    vector = np.array([at, np.nan])
    assert (GENRES.plausible(vector), GENRES.measured(vector)) == (plausible, measured)


def test_far_from_all_is_unmeasured() -> None:
    assert not GENRES.measured(np.array([20.0, np.nan]))
    assert not GENRES.measured(np.full(2, np.nan))
    assert GENRES.plausible(np.full(2, np.nan)) == ("a", "b", "c")


@given(st.lists(st.floats(-100, 100) | st.just(math.nan), min_size=2, max_size=2))
def test_the_nearest_is_always_plausible(vector: list[float]) -> None:
    distances = GENRES.distances(np.array(vector))
    assert GENRES.plausible(np.array(vector))[0] == GENRES.names[int(distances.argmin())]


@pytest.mark.parametrize(
    ("means", "scales", "limit"),
    [
        ([[0.0]], [1.0, 1.0], 1.0),
        ([[0.0, 1.0]], [1.0, 0.0], 1.0),
        ([[0.0, np.nan]], [1.0, 1.0], 1.0),
        ([[0.0, 1.0]], [1.0, np.inf], 1.0),
        ([[0.0, 1.0]], [1.0, 1.0], np.nan),
        ([[0.0, 1.0], [0.0, 1.0]], [1.0, 1.0], 1.0),
    ],
)
def test_numbers_that_do_not_fit_are_refused(means: list, scales: list, limit: float) -> None:
    with pytest.raises(ValueError, match="genres need"):
        Genres(("a",), np.array(means), np.array(scales), limit)


def test_the_mean_vector_weighs_sentences_and_skips_undefined_ones() -> None:
    columns = [np.array([1.0, 4.0, np.nan]), np.full(3, np.nan)]
    found = mean_vector(columns, np.array([2.0, 1.0, 9.0]))
    assert found[0] == pytest.approx(2.0)
    assert math.isnan(found[1])


def documents(seed: int, size: int = 400) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(seed)
    genre = np.repeat(["letters", "poems"], size)
    vectors = rng.normal(size=(2 * size, 5)) * [1, 2, 3, 4, 5]
    vectors[:size, 0] += 6
    vectors[rng.random(vectors.shape) < 0.03] = np.nan
    return vectors, genre


def test_fitted_genres_hold_new_texts_of_their_own_and_refuse_others() -> None:
    genres, (unseen, genre) = fit_genres(*documents(0), quantile=0.99), documents(1)
    assert genres.names == ("letters", "poems")
    assert genres.scales == pytest.approx([1, 2, 3, 4, 5], rel=0.1)
    assert np.mean([genres.measured(row) for row in unseen]) == pytest.approx(0.99, abs=0.01)
    nearest = [genres.plausible(row)[0] for row in unseen]
    assert np.mean(np.array(nearest) == genre) > 0.9
    assert not any(genres.measured(row + 50) for row in unseen)


def test_small_genres_are_dropped() -> None:
    vectors, genre = documents(0)
    genre = genre.astype("<U9")
    genre[: FEWEST - 1] = "few"
    assert fit_genres(vectors, genre).names == ("letters", "poems")
    with pytest.raises(ValueError, match="no genre"):
        fit_genres(vectors[: FEWEST - 1], genre[: FEWEST - 1])


def test_a_document_has_no_part_in_the_centre_it_is_measured_from() -> None:
    vectors = np.zeros((FEWEST, 1))
    vectors[0] = 1.0
    limit, mean = fit_genres(vectors, np.full(FEWEST, "a"), quantile=1.0).limit, 1 / FEWEST
    scale = math.sqrt(mean * (1 - mean))
    assert limit == pytest.approx((1.0 - 0.0) / scale)


def test_a_column_that_does_not_vary_does_no_harm() -> None:
    vectors, genre = documents(0)
    vectors[:, 1] = 7.0
    assert fit_genres(vectors, genre).scales[1] == 1.0
