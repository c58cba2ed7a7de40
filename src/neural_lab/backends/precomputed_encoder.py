"""Vectors that were computed elsewhere as an encoder."""

from collections.abc import Mapping, Sequence
from hashlib import sha256
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from neural_lab.backends.callable_encoder import CallableEncoder
from neural_lab.backends.failures import loading
from neural_lab.backends.pieces import WHAT
from neural_lab.errors import ModelUnavailable, ScoringFailed

Vectors = Mapping[str, NDArray[np.float32]]


class PrecomputedEncoder(CallableEncoder):
    """An `Encoder` that knows the vectors of some sentences, whatever the spaces between their words.

    Raises `ScoringFailed` for a sentence that it does not know, and `ModelUnavailable`
    when made of nothing or of vectors of unlike width.
    """

    def __init__(self, vectors: Vectors) -> None:
        self._known = {_key(text): np.asarray(vector, np.float32) for text, vector in vectors.items()}
        widths = {vector.shape for vector in self._known.values()}
        if len(widths) != 1 or len(min(widths)) != 1:
            raise ModelUnavailable("no_vectors", "Precomputed vectors have to be there, and of one width.")
        super().__init__(self._of, int(min(widths)[0]), f"precomputed:{_digest(self._known)}")

    @classmethod
    def read(cls, path: Path) -> "PrecomputedEncoder":
        """From an `.npz` file of `sentences` `[n]` and `vectors` `[n, width]`; raises `ModelUnavailable`."""
        with loading(path, WHAT), np.load(path, allow_pickle=False) as stored:
            pairs = zip(stored["sentences"].tolist(), stored["vectors"], strict=True)
            return cls(dict(pairs))

    def _of(self, sentences: Sequence[str]) -> NDArray[np.float32]:
        found = [self._known.get(_key(sentence)) for sentence in sentences]
        unknown = sum(vector is None for vector in found)
        if unknown:
            message = f"There is no vector for {unknown} of {len(found)} sentences; compute them too."
            raise ScoringFailed("no_vector", message)
        return np.array(found, dtype=np.float32)


def _key(sentence: str) -> str:
    return " ".join(sentence.split())


def _digest(vectors: Vectors) -> str:
    digest = sha256()
    for text, vector in sorted(vectors.items()):
        written = text.encode("utf-8", "surrogatepass")
        digest.update(len(written).to_bytes(8, "big") + written + vector.astype("<f4").tobytes())
    return digest.hexdigest()[:32]
