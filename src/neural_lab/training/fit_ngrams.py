"""Fit the linear model over hashed n-grams."""

from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix
from sklearn.linear_model import SGDClassifier

from neural_lab.detect.ngrams import BUCKETS, Ngrams, counted
from neural_lab.types import Floats

PENALTY = 3e-6
EPOCHS = 12


def matrix(texts: Sequence[str], processes: int = 2) -> csr_matrix:
    """`[texts, BUCKETS]`, sparse, as `counted` reads each text."""
    with ProcessPoolExecutor(processes) as pool:
        rows = list(pool.map(counted, texts, chunksize=256))
    ends = np.cumsum([0, *(len(bucket) for bucket, _ in rows)])
    bucket = np.concatenate([bucket for bucket, _ in rows])
    value = np.concatenate([value for _, value in rows]).astype(np.float32)
    return csr_matrix((value, bucket, ends), shape=(len(rows), BUCKETS))


def fit_ngrams(rows: csr_matrix, label: NDArray[np.int64], weight: Floats, seed: int) -> Ngrams:
    """Logistic regression by averaged stochastic gradient descent; `weight` one a text, mean 1."""
    model = SGDClassifier(loss="log_loss", alpha=PENALTY, max_iter=EPOCHS, tol=None, average=True)
    model.set_params(random_state=seed)
    model.fit(rows, label, sample_weight=weight)
    return Ngrams(model.coef_[0].astype(np.float32), float(model.intercept_[0]))
