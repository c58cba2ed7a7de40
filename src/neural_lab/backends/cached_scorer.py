"""Columns of the language model remembered: the same text again costs a look-up."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from neural_lab.backends.cache_key import CacheKeys
from neural_lab.backends.cache_trace import count
from neural_lab.backends.packed import frozen_scores, pack_scores, unpack_scores
from neural_lab.backends.shelf import Shelf
from neural_lab.ports import Cache, TokenScorer
from neural_lab.types import Span, TokenScores

STAGE = "scorer"


class CachedScorer:
    """A `TokenScorer` that asks another only for what is not in `cache`; what it returns is read-only.

    Those who know the `secret` can find out whether a text is in the cache, nobody else.
    """

    def __init__(self, scorer: TokenScorer, cache: Cache, secret: bytes) -> None:
        self._scorer = scorer
        self._keys = CacheKeys(secret, STAGE, scorer.identity)
        self._shelf = Shelf(cache, pack_scores, unpack_scores)

    @property
    def identity(self) -> str:
        return self._scorer.identity

    def score(self, texts: Sequence[str]) -> list[TokenScores]:
        """Columns of each text, equal ones scored once; raises `ScoringFailed` and then keeps none."""
        return self._shelf.values([self._keys.key([text]) for text in texts], texts, self._score)

    def pool(self, text: str, spans: Sequence[Span]) -> NDArray[np.float32]:
        """As the other does, every time."""
        count(0, 1)
        return self._scorer.pool(text, spans)

    def _score(self, texts: list[str]) -> list[TokenScores]:
        return [frozen_scores(each) for each in self._scorer.score(texts)]
