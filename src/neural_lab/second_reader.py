"""The second reading of a document: by an encoder, passage by passage, and by n-grams."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from neural_lab.detect.encoded import Encoded, Head, read
from neural_lab.detect.ngrams import Ngrams
from neural_lab.detect.passage_features import text_features
from neural_lab.ports import Encoder
from neural_lab.text.passages import Passage, passages
from neural_lab.types import Encoding, Floats, Span, TokenScores


@dataclass(frozen=True, eq=False)
class Second:
    """The `passages` of a document with their `encodings`, what the head made of those, and `features`.

    `features` `[passages, PASSAGE_FEATURES]` stand in that order.
    """

    passages: tuple[Passage, ...]
    encodings: tuple[Encoding, ...]
    encoded: Encoded
    features: Floats


@dataclass(frozen=True)
class SecondReader:
    """An encoder, the head fitted with it, and the n-grams learnt from the same texts."""

    encoder: Encoder
    head: Head
    ngrams: Ngrams

    def read(self, text: str, spans: list[Span], signals: Floats, tokens: TokenScores) -> Second:
        """`signals` and `tokens` are those of the first reading, by the language model.

        Features stand in the order of `PASSAGE_FEATURES`. Raises `ScoringFailed`.
        """
        sentences = [" ".join(span.of(text).split()) for span in spans]
        ids = self.encoder.tokens(sentences)
        cut = tuple(passages(sentences, [len(each) for each in ids]))
        encodings = self.encoder.encode([ids[p.start : p.end] for p in cut])
        encoded = read(cut, encodings, self.head)
        spoken = self._spoken(text, spans, cut)
        rest = text_features(text, spans, cut, signals, tokens)
        features = np.column_stack((encoded.figures, spoken, rest))
        # In single precision, as the trees were grown: a split must fall the same way here.
        return Second(cut, tuple(encodings), encoded, features.astype(np.float32).astype(np.float64))

    def _spoken(self, text: str, spans: Sequence[Span], cut: Sequence[Passage]) -> list[float]:
        runs = (text[spans[p.start].start : spans[p.end - 1].end] for p in cut)
        return [self.ngrams.log_odds(run) for run in runs]
