"""Signals from the words and marks of a text, without a language model."""

import re

import numpy as np

from neural_lab.detect.connectives import PATTERN as CONNECTIVE
from neural_lab.detect.lexicon import Lexicon
from neural_lab.detect.neighbourhood import Neighbourhood
from neural_lab.text.words import words as words_of
from neural_lab.types import Floats, Offsets, Span

TYPE_WINDOW = 50
RARE = 3.0
_MARKS = re.compile(r"[,;:()\"'!?\-]")


def word_signals(
    text: str, sentences: list[Span], near: Neighbourhood, lexicon: Lexicon
) -> dict[str, Floats]:
    """Per sentence, over its neighbourhood except for `sentence_length`; NaN where undefined.

    lexical_uniqueness  moving-average type-token ratio, window 50 words (Covington and McFall 2010)
    connective_rate     connectives per word
    word_length         mean letters a word
    word_frequency      mean Zipf frequency of the known words
    rare_words          share of words that occur less than once in a million, or are unknown
    comma_rate, mark_rate   commas, and all inner punctuation marks, per word
    sentence_length     ln(1 + words) of the sentence itself
    """
    words = words_of(text)
    starts = np.array([start for start, _ in words], dtype=np.int64)
    count = _per_sentence(starts, sentences)
    around = near.sum(count)
    letters = np.array([end - start for start, end in words], dtype=float)
    forms = [span.of(text).casefold() for span in words]
    zipf = lexicon.frequency(forms)
    known = (zipf > 0).astype(float)
    with np.errstate(invalid="ignore", divide="ignore"):
        return {
            "lexical_uniqueness": _type_token_ratio(forms, count, near),
            "connective_rate": near.sum(_found(CONNECTIVE, text, sentences)) / around,
            "word_length": near.sum(_per_sentence(starts, sentences, letters)) / around,
            "word_frequency": near.sum(_per_sentence(starts, sentences, zipf))
            / near.sum(_per_sentence(starts, sentences, known)),
            "rare_words": near.sum(_per_sentence(starts, sentences, (zipf < RARE).astype(float))) / around,
            "comma_rate": near.sum(_found(re.compile(","), text, sentences)) / around,
            "mark_rate": near.sum(_found(_MARKS, text, sentences)) / around,
            "sentence_length": np.log1p(count),
        }


def word_counts(text: str, sentences: list[Span]) -> Floats:
    """Words in each sentence."""
    starts = np.array([start for start, _ in words_of(text)], dtype=np.int64)
    return _per_sentence(starts, sentences)


def known_words(text: str, lexicon: Lexicon) -> float:
    """Share of the words of `text` that stand in the lexicon; 0 without words."""
    forms = [span.of(text).casefold() for span in words_of(text)]
    return float((lexicon.frequency(forms) > 0).mean()) if forms else 0.0


def _found(pattern: re.Pattern[str], text: str, sentences: list[Span]) -> Floats:
    return _per_sentence(np.array([m.start() for m in pattern.finditer(text)], dtype=np.int64), sentences)


def _per_sentence(positions: Offsets, sentences: list[Span], weights: Floats | None = None) -> Floats:
    """How many of the `positions` (or how much of their weight) each sentence holds."""
    edges = np.array([span.start for span in sentences])
    at = np.maximum(np.searchsorted(edges, positions, side="right") - 1, 0)
    return np.bincount(at, weights, len(sentences)).astype(float)


def _type_token_ratio(words: list[str], count: Floats, near: Neighbourhood) -> Floats:
    """Mean share of distinct words over the 50-word windows that begin and end in a neighbourhood."""
    if len(words) < TYPE_WINDOW:
        return np.full(near.sentences, np.nan)
    distinct = _distinct(words) / TYPE_WINDOW
    total = np.concatenate(([0.0], np.cumsum(distinct)))
    borders = np.concatenate(([0], np.cumsum(count))).astype(np.int64)
    first, last = borders[near.first], borders[near.end] - TYPE_WINDOW + 1
    inside = last > first
    low, high = np.where(inside, first, 0), np.where(inside, last, 1)
    return np.where(inside, (total[high] - total[low]) / (high - low), np.nan)


def _distinct(words: list[str]) -> Floats:
    """Distinct words in the window that begins at each word: those not seen since its beginning."""
    seen: dict[str, int] = {}
    previous = np.empty(len(words), dtype=np.int64)
    for at, word in enumerate(words):
        previous[at] = seen.get(word, -1)
        seen[word] = at
    windows = np.lib.stride_tricks.sliding_window_view(previous, TYPE_WINDOW)
    return np.asarray((windows < np.arange(len(windows))[:, None]).sum(axis=1), dtype=np.float64)
