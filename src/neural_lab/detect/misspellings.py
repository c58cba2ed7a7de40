"""Misspellings: unknown lower-case words one edit away from a much more common one."""

import re
from collections import Counter
from itertools import islice

from neural_lab.detect.lexicon import Correction, Lexicon
from neural_lab.types import Sentence, Span

# A sentence with more unknown words than this is not English, or it is jargon or dialect.
FOREIGN = 0.3
# A word that comes back is one the writer means: a name, a term, a coinage.
MEANT = 3
# Keeps a text made of nothing but invented words from taking minutes.
MOST_LOOKED_UP = 2_000
# Short words have many neighbours, so they need a more frequent one (Zipf, by length from 4 on).
_LEAST = {4: 5.5, 5: 4.7, 6: 4.0}
_LEAST_OF_LONG, _LEAST_OF_SWAPPED_THREE = 3.3, 6.3
# The first letter is rarely what a finger misses.
_MORE_AT_FIRST_LETTER = 1.0

_WORD = re.compile(
    r"(?<![\w@#/\\.'\u2019&+=_-])[a-z]{3,30}(?:['\u2019][a-z]+)?(?![\w@/\\'\u2019&+=_(-]|\.\w)"
)
_UNAPOSTROPHED = re.compile(
    r"\b(?:(?:do|does|did|ca|could|would|should|was|were|is|are|have|has|had|wo(?!nt to\b))nt"
    r"|(?:i|you|they)ve|(?:you|they)re|(?:that|what|there)s"
    r"|im(?= (?:not|so|a|the|in|on|at|going|sure|very|just|really|glad|happy|sorry|trying|still|also|only"
    r"|gonna|here|done|now|always|getting|looking|saying|thinking)\b))\b",
    re.IGNORECASE,
)
_RUN_TOGETHER = {
    "alot": "a lot",
    "aswell": "as well",
    "infact": "in fact",
    "atleast": "at least",
    "noone": "no one",
}
_CAPITALISED = re.compile(r"\b[A-Z][A-Za-z]{2,}")


def misspellings(text: str, sentences: list[Sentence], lexicon: Lexicon) -> list[tuple[Span, str]]:
    """Spans of misspelt words and what was meant; `text` has code, addresses and the like blanked."""
    suspects = _suspects(text, sentences, lexicon)
    meant = _meant(text, suspects)
    words = dict.fromkeys(word for span in suspects if (word := span.of(text)) not in meant)
    right = {word: _right(word, lexicon) for word in islice(words, MOST_LOOKED_UP)}
    slips = {span: best for span in suspects if (best := right.get(span.of(text)))} | _unapostrophed(text)
    return [(span, f"{span.of(text)} \u2192 {best}") for span, best in slips.items()]


def _unapostrophed(text: str) -> dict[Span, str]:
    """Contractions without their apostrophe: several are words of their own, so they are listed."""
    found = {Span(*match.span()): match.group() for match in _UNAPOSTROPHED.finditer(text)}
    return {span: _apostrophe(word) for span, word in found.items() if word[1:].islower()}


def _apostrophe(word: str) -> str:
    at = -2 if word.endswith(("ve", "re")) else -1
    return f"{word[:at]}'{word[at:]}"


def _suspects(text: str, sentences: list[Sentence], lexicon: Lexicon) -> list[Span]:
    """Unknown words of the sentences that are mostly known ones."""
    found = [
        [Span(*match.span()) for match in _WORD.finditer(text, *sentence.span)] for sentence in sentences
    ]
    unknown = _unknown({span.of(text) for spans in found for span in spans}, lexicon)
    strange = ([span for span in spans if span.of(text) in unknown] for spans in found)
    return [
        span
        for spans, few in zip(found, strange, strict=True)
        if len(few) <= max(1, FOREIGN * len(spans))
        for span in few
    ]


def _unknown(words: set[str], lexicon: Lexicon) -> set[str]:
    ordered = sorted(words)
    return {word for word, zipf in zip(ordered, lexicon.frequency(ordered), strict=True) if zipf == 0.0}


def _meant(text: str, suspects: list[Span]) -> set[str]:
    times = Counter(span.of(text) for span in suspects)
    names = {match.group().lower() for match in _CAPITALISED.finditer(text)}
    return {word for word, seen in times.items() if seen >= MEANT or word in names}


def _right(word: str, lexicon: Lexicon) -> str:
    """The most frequent word, or words, that `word` is likely to be a slip for, or nothing."""
    if word in _RUN_TOGETHER:
        return _RUN_TOGETHER[word]
    likely = (each for each in lexicon.corrections(word) if each.frequency >= _least(word, each))
    return next((each.word for each in likely), "")


def _least(word: str, correction: Correction) -> float:
    swapped = sorted(word) == sorted(correction.word)
    if len(word) < 4:
        return _LEAST_OF_SWAPPED_THREE if swapped else float("inf")
    least = _LEAST.get(len(word), _LEAST_OF_LONG)
    return least + _MORE_AT_FIRST_LETTER * (word[0] != correction.word[0] and not swapped)
