"""The ensemble on measured passages."""

import numpy as np

from neural_lab.training.ensemble import Ensemble
from neural_lab.training.folds import balance
from neural_lab.training.measured import Measured
from neural_lab.types import Floats


def fit_stack(data: Measured, seed: int) -> tuple[Ensemble, Measured]:
    """An ensemble of all passages, and `data` with what held-out learners say about each of them."""
    owner = data.passage_document
    ensemble = Ensemble(seed)
    features = data.features.astype(np.float64)
    label = np.minimum(data.label, 1)[owner]
    ensemble.fit(features, label, passage_weights(data), data.fold[owner])
    return ensemble, data.with_ensemble(ensemble.held_out_)


def stacked(ensemble: Ensemble, data: Measured) -> Measured:
    """`data` with what `ensemble` says about its passages."""
    return data.with_ensemble(ensemble.log_odds(data.features.astype(np.float64)))


def passage_weights(data: Measured) -> Floats:
    """A document's weight, shared by its passages; the mean is one. Mixed ones weigh nothing."""
    count = np.bincount(data.passage_document)
    weight = (data.pure * balance(data) / count)[data.passage_document]
    return np.asarray(weight / weight.mean())
