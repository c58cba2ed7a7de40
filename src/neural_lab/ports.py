"""What the lab needs from outside, as protocols. Each implementation is one file in `backends`."""

from collections.abc import Sequence
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from neural_lab.types import Span, TokenScores


class TokenScorer(Protocol):
    """A causal language model, seen only through columns per token, never through logits."""

    @property
    def identity(self) -> str:
        """Name, weights and precision in one word: equal identities give equal columns."""
        ...

    def score(self, texts: Sequence[str]) -> list[TokenScores]:
        """Columns for each text, in the order given; a text's columns do not depend on the others.

        Raises `ScoringFailed` when the model's answer is not finite.
        """
        ...

    def pool(self, text: str, spans: Sequence[Span]) -> NDArray[np.float32]:
        """Mean last hidden state of the tokens of each span, `[spans, width]`; zero where a span has none."""
        ...
