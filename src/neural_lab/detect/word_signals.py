"""Signals from the words and marks of a text, without a language model."""

import re

import numpy as np

from neural_lab.detect.connectives import PATTERN as CONNECTIVE
from neural_lab.detect.neighbourhood import Neighbourhood
from neural_lab.detect.wording import Wording, per_sentence
from neural_lab.types import Floats, Span

TYPE_WINDOW = 50
RARE = 3.0
_COMMA = re.compile(",")
_MARKS = re.compile(r"[,;:()\"'!?\-]")


def word_signals(wording: Wording, sentences: list[Span], near: Neighbourhood) -> dict[str, Floats]:
    """Per sentence, over its neighbourhood except for `sentence_length`; NaN where undefined.

    lexical_uniqueness  moving-average type-token ratio, window 50 words (Covington and McFall 2010)
    connective_rate     connectives per word
    word_length         mean letters a word
    word_frequency      mean Zipf frequency of the known words
    rare_words          share of words that occur less than once in a million, or are unknown
    comma_rate, mark_rate   commas, and all inner punctuation marks, per word
    sentence_length     ln(1 + words) of the sentence itself
    length_burstiness   coefficient of variation of the words in a sentence
    """
    text, starts, zipf = wording.text, wording.starts, wording.frequency
    count = wording.counts(sentences)
    around = near.sum(count)
    letters = np.diff(wording.edges)[:, 0].astype(float)
    known = (zipf > 0).astype(float)
    with np.errstate(invalid="ignore", divide="ignore"):
        return {
            "lexical_uniqueness": _type_token_ratio(wording.forms, count, near),
            "connective_rate": near.sum(_found(CONNECTIVE, text, sentences)) / around,
            "word_length": near.sum(per_sentence(starts, sentences, letters)) / around,
            "word_frequency": near.sum(per_sentence(starts, sentences, zipf))
            / near.sum(per_sentence(starts, sentences, known)),
            "rare_words": near.sum(per_sentence(starts, sentences, (zipf < RARE).astype(float))) / around,
            "comma_rate": near.sum(_found(_COMMA, text, sentences)) / around,
            "mark_rate": near.sum(_found(_MARKS, text, sentences)) / around,
            "sentence_length": np.log1p(count),
            "length_burstiness": near.variation(count),
        }


def _found(pattern: re.Pattern[str], text: str, sentences: list[Span]) -> Floats:
    return per_sentence(np.array([m.start() for m in pattern.finditer(text)], dtype=np.int64), sentences)


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
