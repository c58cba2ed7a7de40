"""The passage ensemble: forest, boosted trees, logistic regression and their meta-learner as one graph."""

from pathlib import Path

import numpy as np

from neural_lab.backends.failures import not_finite, translated
from neural_lab.backends.onnx_session import session
from neural_lab.types import Floats

WHAT = "passage ensemble"


class OnnxEnsemble:
    """An `Ensemble`; a passage's answer depends on its own features alone."""

    def __init__(self, model: Path) -> None:
        self._session = session(model, WHAT)

    def log_odds(self, features: Floats) -> Floats:
        """Log-odds of machine writing, nats, one a passage; raises `ScoringFailed`."""
        with translated(WHAT):
            answer = self._session.run(("log_odds",), {"features": features.astype(np.float32)})[0]
            if not np.isfinite(answer).all():
                raise not_finite(WHAT)
            return np.asarray(answer, dtype=np.float64)
