"""How far two readings contradict each other, by hand."""

import numpy as np
import pytest

from neural_lab.detect.disagreement import disagreement

SECOND = ("encoder", "ensemble")


def terms(**columns: list[float]) -> dict[str, np.ndarray]:
    return {name: np.array(column) for name, column in columns.items()}


def test_the_gap_between_opposite_readings_weighted_by_length() -> None:
    found = terms(ensemble=[2.0, 1.0], encoder=[1.0, 0.0], entropy=[-1.0, -2.0], curvature=[0.5, 0.0])
    assert disagreement(found, np.array([3.0, 1.0]), SECOND) == pytest.approx(10 / 4 + 3.5 / 4)


def test_readings_that_agree_do_not_contradict_each_other_however_far_apart() -> None:
    assert disagreement(terms(ensemble=[9.0], entropy=[0.1]), np.ones(1), SECOND) == 0.0
    assert disagreement(terms(ensemble=[-9.0], entropy=[-0.1]), np.ones(1), SECOND) == 0.0


def test_bias_and_human_evidence_belong_to_neither_side() -> None:
    found = terms(bias=[-8.0], human_evidence=[-3.0], ensemble=[2.0], entropy=[1.0])
    assert disagreement(found, np.ones(1), SECOND) == 0.0


@pytest.mark.parametrize("only", [{"entropy": [2.0]}, {"encoder": [2.0]}, {"bias": [1.0]}])
def test_one_reading_alone_contradicts_nothing(only: dict[str, list[float]]) -> None:
    assert disagreement(terms(**only), np.ones(1), SECOND) == 0.0
