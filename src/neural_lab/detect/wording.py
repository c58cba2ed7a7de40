"""The words of a text, and how often English writers use each of them."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from neural_lab.detect.lexicon import Lexicon
from neural_lab.text.words import word_edges
from neural_lab.types import Floats, Offsets, Span


@dataclass(frozen=True, eq=False)
class Wording:
    """What several signals ask of the words of `text`, found once; arrays have one entry a word."""

    text: str
    lexicon: Lexicon

    @cached_property
    def edges(self) -> Offsets:
        """Where each word begins and ends, `[words, 2]`."""
        return np.array(word_edges(self.text), dtype=np.int64).reshape(-1, 2)

    @property
    def starts(self) -> Offsets:
        return self.edges[:, 0]

    @cached_property
    def forms(self) -> list[str]:
        """The words, case folded."""
        return [self.text[start:end].casefold() for start, end in self.edges.tolist()]

    @cached_property
    def frequency(self) -> Floats:
        """On the Zipf scale, as in `Lexicon.frequency`."""
        return self.lexicon.frequency(self.forms)

    @property
    def known(self) -> float:
        """Share of the words that stand in the lexicon; 0 without words."""
        return float((self.frequency > 0).mean()) if self.forms else 0.0

    def counts(self, sentences: list[Span]) -> Floats:
        """Words in each sentence."""
        return per_sentence(self.starts, sentences)


def per_sentence(positions: Offsets, sentences: list[Span], weights: Floats | None = None) -> Floats:
    """How many of the `positions` (or how much of their weight) each sentence holds."""
    edges = np.array([span.start for span in sentences])
    at = np.maximum(np.searchsorted(edges, positions, side="right") - 1, 0)
    return np.bincount(at, weights, len(sentences)).astype(float)
