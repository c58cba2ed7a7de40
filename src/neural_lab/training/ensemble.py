"""The passage ensemble: three learners, stacked by a logistic one on what they say about held-out groups."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.special import logit
from sklearn.base import BaseEstimator, ClassifierMixin, clone
from sklearn.ensemble import HistGradientBoostingClassifier, RandomForestClassifier
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import Pipeline, make_pipeline
from sklearn.preprocessing import FunctionTransformer, StandardScaler

from neural_lab.types import Floats

EDGE = 3.0
SURE = 1e-3
LEARNERS = ("forest", "boosting", "logistic")


def clipped(scaled: Floats) -> Floats:
    """Standardised features, none further than three deviations out: a strange text must not run away."""
    return np.clip(scaled, -EDGE, EDGE)


def learners(rows: int, seed: int) -> dict[str, Any]:
    """Random forest (Breiman 2001), histogram gradient boosting (Ke et al. 2017), logistic regression."""
    leaf = max(5, rows // 400)
    forest = RandomForestClassifier(
        200, max_depth=9, min_samples_leaf=leaf, max_features=0.2, random_state=seed
    )
    boosting = HistGradientBoostingClassifier(
        max_iter=120, learning_rate=0.06, max_leaf_nodes=12, min_samples_leaf=leaf * 2,
        l2_regularization=5.0, max_features=0.3, early_stopping=False, random_state=seed,
    )  # fmt: skip
    return {
        "forest": forest.set_params(n_jobs=-1),
        "boosting": boosting,
        "logistic": make_pipeline(
            StandardScaler(), FunctionTransformer(clipped), LogisticRegression(C=0.02, max_iter=2000)
        ),
    }


class Ensemble(ClassifierMixin, BaseEstimator):
    """`fit`, `predict_proba` `[rows, 2]`, `predict` at a threshold, `log_odds` `[rows]`.

    The meta-learner is fitted on log-odds that each learner gives for groups it
    was not fitted on, and keeps its intercept; the learners are then fitted on all.
    `held_out_` `[rows]` is what it makes of those first log-odds.
    """

    def __init__(self, seed: int = 20261120) -> None:
        self.seed = seed

    def fit(
        self, features: Floats, label: NDArray[np.int64], weight: Floats, groups: NDArray[np.int64]
    ) -> Ensemble:
        """`weight` and `groups` have one entry a row; there have to be two groups or more."""
        self.classes_ = np.array([0, 1])
        inner = np.empty((len(label), len(LEARNERS)))
        for group in np.unique(groups):
            out = groups == group
            fitted = self._fitted(features[~out], label[~out], weight[~out])
            inner[out] = self._columns(fitted, features[out])
        self.learners_ = self._fitted(features, label, weight)
        self.meta_ = LogisticRegression(C=0.1).fit(inner, label, sample_weight=weight)
        self.held_out_ = np.asarray(self.meta_.decision_function(inner))
        return self

    def log_odds(self, features: Floats) -> Floats:
        """Log-odds of machine writing, nats, one a row."""
        return np.asarray(self.meta_.decision_function(self._columns(self.learners_, features)))

    def predict_proba(self, features: Floats) -> Floats:
        """`[rows, 2]`: probability of human and of machine."""
        return np.asarray(self.meta_.predict_proba(self._columns(self.learners_, features)))

    def predict(self, features: Floats, threshold: float = 0.5) -> NDArray[np.int64]:
        """1 where the probability of machine reaches `threshold`."""
        return (self.predict_proba(features)[:, 1] >= threshold).astype(np.int64)

    def _fitted(self, features: Floats, label: NDArray[np.int64], weight: Floats) -> dict[str, Any]:
        made = {name: clone(each) for name, each in learners(len(label), self.seed).items()}
        for each in made.values():
            key = f"{each.steps[-1][0]}__sample_weight" if isinstance(each, Pipeline) else "sample_weight"
            each.fit(features, label, **{key: weight})
        # Threads add up the trees in any order; one thread gives the same sum every time.
        made["forest"].set_params(n_jobs=1)
        return made

    def _columns(self, fitted: dict[str, Any], features: Floats) -> Floats:
        forest = np.clip(fitted["forest"].predict_proba(features)[:, 1], SURE, 1 - SURE)
        others = [fitted[name].decision_function(features) for name in ("boosting", "logistic")]
        return np.column_stack((logit(forest), *others))
