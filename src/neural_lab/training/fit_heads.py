"""Heads of an encoder that was not fine-tuned: one without each fold to measure it with, one to serve."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import log_loss, make_scorer
from sklearn.model_selection import GridSearchCV, LeaveOneGroupOut
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from neural_lab.detect.encoded import Head
from neural_lab.training.measured import Measured
from neural_lab.training.stack import passage_weights
from neural_lab.types import Floats

STRENGTHS = (1e-4, 1e-3, 1e-2, 1e-1)
"""Inverse strengths of the penalty to choose from."""
LEARNER = "logisticregression"
# A group may have texts of one class alone.
SURPRISE = make_scorer(log_loss, response_method="predict_proba", greater_is_better=False, labels=(0, 1))


class Heads(NamedTuple):
    """`folds` holds a head per fold, fitted on the others; `served` was fitted on all of them."""

    folds: dict[int, Head]
    served: Head


def fit_heads(data: Measured, means: Floats) -> Heads:
    """From the mean states of the passages of `data`, `[passages, width]`."""
    numbers = np.unique(data.fold).tolist()
    folds = {fold: _without(data, means, data.fold != fold) for fold in numbers}
    return Heads(folds, _without(data, means, np.ones(len(data.fold), dtype=bool)))


def _without(data: Measured, means: Floats, kept: NDArray[np.bool_]) -> Head:
    """On the documents marked alone: weights, scales and strength too."""
    rest, rows = data.where(kept), means[kept[data.passage_document]]
    owner, weight = rest.passage_document, passage_weights(rest)
    pure = weight > 0
    label = np.minimum(rest.label, 1)[owner]
    return fit_head(rows[pure], label[pure], weight[pure], rest.fold[owner][pure])


def fit_head(vectors: Floats, label: NDArray[np.int64], weight: Floats, groups: NDArray[np.int64]) -> Head:
    """Logistic regression over standardised `vectors` `[rows, width]`; there have to be two groups or more.

    The strength of the penalty is the one that reads groups best that it was not fitted on.
    """
    learner = make_pipeline(StandardScaler(), LogisticRegression(max_iter=3000))
    search = GridSearchCV(learner, {f"{LEARNER}__C": STRENGTHS}, scoring=SURPRISE, cv=LeaveOneGroupOut())
    search.fit(vectors, label, groups=groups, **{f"{LEARNER}__sample_weight": weight})
    scaler, model = (step for _, step in search.best_estimator_.steps)
    slope = model.coef_[0] / scaler.scale_
    return Head(slope, float(model.intercept_[0] - slope @ scaler.mean_))
