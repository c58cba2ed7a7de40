"""The ensemble: a scikit-learn estimator in training, one graph in serving, the same numbers in both."""

from pathlib import Path

import numpy as np
import pytest
from helpers import needed

needed("sklearn")
needed("onnx")
needed("skops")

from neural_lab.backends.onnx_ensemble import OnnxEnsemble
from neural_lab.errors import ModelUnavailable
from neural_lab.training import artefact
from neural_lab.training.ensemble import Ensemble
from neural_lab.training.ensemble_graph import export_ensemble

ROWS, FEATURES = 900, 12


@pytest.fixture(scope="module")
def features() -> np.ndarray:
    rng = np.random.default_rng(1)
    made = rng.normal(size=(ROWS, FEATURES)).astype(np.float32).astype(np.float64)
    made[:, 3] = np.round(made[:, 3])  # Ties sit exactly on a tree's threshold.
    return made


@pytest.fixture(scope="module")
def label(features: np.ndarray) -> np.ndarray:
    noise = np.random.default_rng(2).normal(size=ROWS)
    return (features[:, 0] + features[:, 1] * features[:, 3] + noise > 0).astype(np.int64)


@pytest.fixture(scope="module")
def ensemble(features: np.ndarray, label: np.ndarray) -> Ensemble:
    return Ensemble(7).fit(features, label, np.ones(ROWS), np.arange(ROWS) % 3)


def test_probabilities_have_two_columns_that_add_up(ensemble: Ensemble, features: np.ndarray) -> None:
    both = ensemble.predict_proba(features)
    assert both.shape == (ROWS, 2)
    assert both.sum(axis=1) == pytest.approx(1)


def test_a_threshold_decides(ensemble: Ensemble, features: np.ndarray) -> None:
    counts = [ensemble.predict(features, threshold).sum() for threshold in (0.0, 0.5, 0.9)]
    assert counts[0] == ROWS > counts[1] > counts[2]


def test_the_meta_learner_keeps_its_intercept_and_saw_only_held_out_answers(
    ensemble: Ensemble, features: np.ndarray, label: np.ndarray
) -> None:
    assert ensemble.meta_.intercept_[0] != 0
    inner, own = ((values > 0) == label for values in (ensemble.held_out_, ensemble.log_odds(features)))
    assert 0.6 < inner.mean() < own.mean()


def test_the_served_graph_gives_the_same_log_odds(
    ensemble: Ensemble, features: np.ndarray, tmp_path: Path
) -> None:
    export_ensemble(ensemble, tmp_path / "ensemble.onnx")
    served = OnnxEnsemble(tmp_path / "ensemble.onnx")
    far = np.vstack((features, features * 100)).astype(np.float32).astype(np.float64)
    assert served.log_odds(far) == pytest.approx(ensemble.log_odds(far), abs=1e-5)


def test_a_damaged_graph_is_refused(tmp_path: Path) -> None:
    (tmp_path / "ensemble.onnx").write_bytes(b"no graph")
    with pytest.raises(ModelUnavailable):
        OnnxEnsemble(tmp_path / "ensemble.onnx")


def test_a_saved_ensemble_comes_back_the_same(
    ensemble: Ensemble, features: np.ndarray, tmp_path: Path
) -> None:
    artefact.save(ensemble, tmp_path / "ensemble.skops")
    loaded = artefact.load(tmp_path / "ensemble.skops")
    assert (loaded.log_odds(features) == ensemble.log_odds(features)).all()


def test_a_file_with_other_types_is_refused(tmp_path: Path) -> None:
    from skops.io import dump

    dump(np.random.default_rng, tmp_path / "other.skops")
    (tmp_path / "broken.skops").write_bytes(b"PK\x03\x04 no archive")
    for name in ("other.skops", "broken.skops"):
        with pytest.raises(ModelUnavailable):
            artefact.load(tmp_path / name)
