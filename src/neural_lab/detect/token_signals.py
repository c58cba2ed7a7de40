"""Signals from what the language model said about each token."""

import numpy as np

from neural_lab.detect.neighbourhood import Neighbourhood
from neural_lab.types import Floats, Offsets, Span, TokenScores


def owners(tokens: TokenScores, sentences: list[Span]) -> Offsets:
    """The sentence of each token: the one that holds its last character, or else the one before it."""
    starts = np.array([span.start for span in sentences])
    return np.maximum(np.searchsorted(starts, tokens.ends - 1, side="right") - 1, 0)


def token_signals(tokens: TokenScores, sentences: list[Span], near: Neighbourhood) -> dict[str, Floats]:
    """Per sentence; NaN where a sentence (or its neighbourhood) has no token.

    log_perplexity   mean of -log p, nats per token (Jelinek et al. 1977)
    entropy          mean Shannon entropy of the next-token distribution, nats
    curvature        (Σ log p + Σ H) / √ Σ Var[log p] (Fast-DetectGPT, Bao et al. 2024)
    near_…           the same over the neighbourhood, curvature per root token
    surprise_spread, entropy_spread   standard deviation over the neighbourhood's tokens
    log_rank         mean of ln(1 + rank) over the neighbourhood (Su et al. 2023)
    """
    sums = _sums(tokens, sentences)
    around = {name: near.sum(values) for name, values in sums.items()}
    with np.errstate(invalid="ignore", divide="ignore"):
        own, wide = _means(sums), _means(around)
        return {
            "log_perplexity": own["surprise"],
            "entropy": own["entropy"],
            "curvature": (sums["entropy"] - sums["surprise"]) / np.sqrt(sums["variance"]),
            "near_log_perplexity": wide["surprise"],
            "near_entropy": wide["entropy"],
            "near_curvature": (wide["entropy"] - wide["surprise"]) / np.sqrt(wide["variance"]),
            "surprise_spread": _spread(wide["surprise"], wide["surprise²"]),
            "entropy_spread": _spread(wide["entropy"], wide["entropy²"]),
            "log_rank": wide["log_rank"],
        }


def _sums(tokens: TokenScores, sentences: list[Span]) -> dict[str, Floats]:
    columns = {
        "tokens": np.ones(len(tokens), dtype=np.float64),
        "surprise": -tokens.logprob,
        "surprise²": tokens.logprob**2,
        "entropy": tokens.entropy,
        "entropy²": tokens.entropy**2,
        "variance": tokens.variance,
        "log_rank": np.log1p(tokens.rank),
    }
    mine = owners(tokens, sentences)
    return {
        name: np.bincount(mine, column, len(sentences)).astype(np.float64) for name, column in columns.items()
    }


def _means(sums: dict[str, Floats]) -> dict[str, Floats]:
    return {name: values / sums["tokens"] for name, values in sums.items()}


def _spread(mean: Floats, mean_square: Floats) -> Floats:
    return np.sqrt(np.maximum(mean_square - mean**2, 0.0))
