"""Every signal of every sentence of a document, as one matrix."""

import numpy as np

from neural_lab.detect.lexicon import Lexicon
from neural_lab.detect.neighbourhood import Neighbourhood
from neural_lab.detect.token_signals import token_signals
from neural_lab.detect.word_signals import word_signals
from neural_lab.detect.wording import Wording
from neural_lab.types import Floats, Span, TokenScores

SIGNALS = (
    "log_perplexity",
    "entropy",
    "curvature",
    "burstiness",
    "lexical_uniqueness",
    "connective_rate",
    "near_log_perplexity",
    "near_entropy",
    "near_curvature",
    "surprise_spread",
    "entropy_spread",
    "log_rank",
    "length_burstiness",
    "word_length",
    "word_frequency",
    "rare_words",
    "comma_rate",
    "mark_rate",
    "sentence_length",
)
SECOND = ("encoder", "ensemble")
"""What a second reading adds: log-odds of each sentence, by the encoder and by the passage ensemble."""
FUSED = (*SIGNALS, *SECOND)


def measure(
    text: str,
    sentences: list[Span],
    tokens: TokenScores,
    lexicon: Lexicon,
    wording: Wording | None = None,
) -> Floats:
    """`[sentences, signals]` in the order of `SIGNALS`; NaN where a signal is undefined.

    `text` is canonical, `sentences` are spans of it. Burstiness is the mean of
    the coefficients of variation of sentence length (words) and of log-perplexity
    over a sentence and up to three on either side; it needs three sentences.
    `wording` of `text` spares finding its words again.
    """
    near = Neighbourhood(len(sentences))
    wording = wording or Wording(text, lexicon)
    columns = token_signals(tokens, sentences, near) | word_signals(wording, sentences, near)
    rhythm = near.variation(columns["log_perplexity"])
    columns["burstiness"] = (columns["length_burstiness"] + rhythm) / 2
    matrix = np.stack([columns[name] for name in SIGNALS], axis=1)
    return np.where(np.isfinite(matrix), matrix, np.nan)
