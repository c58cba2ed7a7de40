"""What the lab needs from outside, as protocols. Each implementation is one file in `backends`."""

from collections.abc import Sequence
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from neural_lab.types import Encoding, Floats, Span, TokenScores


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


class LanguageIdentifier(Protocol):
    """Tells the language of a short text."""

    def identify(self, text: str) -> tuple[str, float]:
        """ISO 639 code of the likeliest language, `zxx` for none at all, and its probability."""
        ...


class Encoder(Protocol):
    """A model that turns passages into vectors, one a sentence, each read in its passage."""

    @property
    def identity(self) -> str:
        """Name, weights and precision in one word: equal identities give equal vectors."""
        ...

    def count(self, sentences: Sequence[str]) -> list[int]:
        """Tokens of each sentence."""
        ...

    def encode(self, passages: Sequence[Sequence[str]]) -> list[Encoding]:
        """An encoding per passage, in the order given; none depends on the others.

        A passage is the texts of its sentences. One that is longer than the model
        can read is read in pieces. Raises `ScoringFailed` when the answer is not finite.
        """
        ...


class Ensemble(Protocol):
    """Learners stacked over the features of passages."""

    def log_odds(self, features: Floats) -> Floats:
        """Log-odds of machine writing, nats, one a row of `features` `[passages, PASSAGE_FEATURES]`.

        Raises `ScoringFailed` when an answer is not finite.
        """
        ...
