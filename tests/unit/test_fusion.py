"""Fusion: terms that add up, a deduction that is bounded, scaling that is folded in."""

import json

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from neural_lab.detect.fusion import Band, Fusion, Shape

FUSION = Fusion(
    {"a": Shape((0.0, 1.0, 3.0), (-1.0, 0.5, 2.0)), "b": Shape((0.0, 10.0), (1.0, -1.0))},
    0.25,
    evidence_weight=0.4,
    evidence_cap=0.6,
    bands=(Band(0, 0.5, 0.1), Band(100, 2.0, -0.3)),
)
ANY = st.floats(allow_infinity=False, allow_nan=True)


def terms(a: float, b: float, evidence: float, words: int) -> dict[str, float]:
    columns = {"a": np.array([a]), "b": np.array([b])}
    found = FUSION.contributions(columns, np.array([evidence]), words)
    return {name: float(value[0]) for name, value in found.items()}


def test_by_hand() -> None:
    assert terms(2.0, 5.0, 1.0, 500) == pytest.approx(
        {"bias": 2 * 0.25 - 0.3, "a": 2 * 1.25, "b": 0.0, "human_evidence": -2 * 0.4}
    )


def test_bands_scale_every_term_and_shift_the_bias() -> None:
    short, long = terms(2.0, 3.0, 1.0, 99), terms(2.0, 3.0, 1.0, 100)
    assert sum(short.values()) == pytest.approx(0.5 * (sum(long.values()) + 0.3) / 2 + 0.1)


@given(ANY, ANY, st.floats(0, 1e9), st.integers(0, 10**7))
def test_every_term_is_finite_and_the_deduction_bounded(
    a: float, b: float, evidence: float, words: int
) -> None:
    found = terms(a, b, evidence, words)
    assert np.isfinite(list(found.values())).all()
    assert -FUSION.band(words).slope * FUSION.evidence_cap - 1e-12 <= found["human_evidence"] <= 0


def test_an_undefined_signal_contributes_nothing() -> None:
    assert terms(float("nan"), 0.0, 0.0, 0)["a"] == 0.0


def test_survives_json() -> None:
    assert Fusion.from_dict(json.loads(json.dumps(FUSION.as_dict()))) == FUSION


@pytest.mark.parametrize("knots", [(0.0, 0.0), (1.0, 0.0)])
def test_knots_have_to_ascend(knots: tuple[float, ...]) -> None:
    with pytest.raises(ValueError, match="ascending"):
        Shape(knots, (0.0, 1.0))
