"""What the ensemble knows about a passage: numbers, in an order that never changes."""

from collections.abc import Sequence

import numpy as np

from neural_lab.detect.signals import SIGNALS
from neural_lab.detect.token_signals import owners
from neural_lab.text import words
from neural_lab.text.passages import Passage
from neural_lab.types import Floats, Span, TokenScores

QUANTILES = (0.05, 0.25, 0.5, 0.75, 0.95)
RANKS = (1, 10, 100, 1000)
MARKS = ".,;:?!()\"'-"
PRONOUNS = frozenset(["i", "me", "my", "we", "us", "our", "you", "your"])

TOKEN = (
    *(f"surprise_{q:g}" for q in QUANTILES),
    *(f"entropy_{q:g}" for q in QUANTILES),
    "surprise_deviation",
    "entropy_deviation",
    "surprise_entropy_correlation",
    "curvature",
    "surprise_persistence",
    *(f"rank_below_{rank}" for rank in RANKS),
    "likeliest_run",
    "unlikely_run",
)
WORD = (*(f"mark_{i}" for i in range(len(MARKS))), "digits", "capitals", "pronouns", "contractions", "words")
SPREAD = ("log_perplexity", "entropy", "curvature", "sentence_length", "log_rank")
ENCODED = ("encoder", "encoder_lowest", "encoder_highest", "encoder_deviation", "ngrams")
PASSAGE_FEATURES = (
    *ENCODED,
    *(f"mean_{name}" for name in SIGNALS),
    *(f"deviation_{name}" for name in SPREAD),
    *TOKEN,
    *WORD,
)


def text_features(
    text: str, sentences: list[Span], passages: Sequence[Passage], signals: Floats, tokens: TokenScores
) -> Floats:
    """`[passages, len(PASSAGE_FEATURES) - len(ENCODED)]`: all but what the encoder and the n-grams say.

    `signals` `[sentences, SIGNALS]` are those of `measure`. Undefined numbers are 0.
    """
    owner = owners(tokens, sentences)
    rows = []
    for passage in passages:
        span = Span(sentences[passage.start].start, sentences[passage.end - 1].end)
        first, end = np.searchsorted(owner, (passage.start, passage.end))
        mine = signals[passage.start : passage.end]
        rows.append((*_means(mine), *_token(tokens, slice(first, end)), *_word(span.of(text))))
    return np.nan_to_num(np.array(rows, dtype=np.float64), posinf=0.0, neginf=0.0)


def _means(signals: Floats) -> list[float]:
    known = np.isfinite(signals)
    count = np.maximum(known.sum(axis=0), 1)
    values = np.where(known, signals, 0.0)
    mean = values.sum(axis=0) / count
    deviation = np.sqrt((np.where(known, signals - mean, 0.0) ** 2).sum(axis=0) / count)
    return [*mean.tolist(), *deviation[[SIGNALS.index(name) for name in SPREAD]].tolist()]


def _token(tokens: TokenScores, part: slice) -> list[float]:
    surprise, entropy, rank = -tokens.logprob[part], tokens.entropy[part], tokens.rank[part]
    if len(surprise) < 2:
        return [0.0] * len(TOKEN)
    spreads = [float(surprise.std()), float(entropy.std())]
    total = float(np.sqrt(max(tokens.variance[part].sum(), 1e-12)))
    return [
        *np.quantile(surprise, QUANTILES).tolist(),
        *np.quantile(entropy, QUANTILES).tolist(),
        *spreads,
        _correlation(surprise, entropy),
        float((entropy - surprise).sum()) / total / np.sqrt(len(surprise)),
        _correlation(surprise[1:], surprise[:-1]),
        *((rank < limit).mean() for limit in RANKS),
        _mean_run(rank < 1),
        _mean_run(surprise > surprise.mean()),
    ]


def _correlation(a: Floats, b: Floats) -> float:
    a, b = a - a.mean(), b - b.mean()
    scale = float(np.sqrt((a @ a) * (b @ b)))
    return float(a @ b) / scale if scale > 0 else 0.0


def _mean_run(marked: np.ndarray) -> float:
    """Mean length of the runs of marked tokens; 0 without any."""
    starts = np.count_nonzero(marked[1:] & ~marked[:-1]) + int(marked[0])
    return float(marked.sum() / starts) if starts else 0.0


def _word(text: str) -> list[float]:
    forms: list[str] = words.WORD.findall(text)
    firsts = [form[0] for form in forms]
    found = (
        sum(map(str.isdigit, firsts)),
        sum(map(str.isupper, firsts)),
        sum(form.casefold() in PRONOUNS for form in forms),
        sum("'" in form for form in forms),
    )
    count = max(len(forms), 1)
    shares = [times / count for times in (*map(text.count, MARKS), *found)]
    return [*shares, float(np.log1p(len(forms)))]
