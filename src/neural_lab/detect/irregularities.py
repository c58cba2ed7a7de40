"""Irregularities: spaces, stops and repeated words that a careful typist would not leave."""

import re
from collections.abc import Iterable, Iterator
from itertools import chain

from neural_lab.detect.lexicon import Lexicon
from neural_lab.types import Span

Slip = tuple[Span, str]

# Spaced or lower-cased throughout, a text was made so by a program, not by a slip.
HABIT, _FEWEST_OF_HABIT = 0.3, 3
_PLAIN_WORD = 2.5

_GLUED = re.compile(r"(?<![\w.'-])([a-z]{2,20})([.!?;,])([A-Z][a-z]{1,20}|(?<=,)[a-z]{2,20})(?![\w.,(/:'-])")
_DOUBLED = re.compile(r"(?<![\w'-])([a-z]{2,20})(?: |\s?\n)\1(?![\w'-])(?:\s+(\1)\b)*", re.IGNORECASE)
# Written twice for emphasis or by grammar: "very very", "had had", "what it is is".
_MEANT_TWICE = re.compile(
    r"(?:had|that|very|so|really|much|many|no|bye|ha|blah|yeah|far|long|never|more|again|too|well|now|there|go|her"
    r"|please|what|why|big|old|on|out|up|is|do|you|it|ever|over|round|tut|hush|who)$"
)
_SPACED = re.compile(r"(?<![\w.'-])([a-z]{2,20})( [,.?!])(?=\s|$)")
_UNSPACED = re.compile(r"(?<=[a-z])[,.;?!](?=\s|$)")
_REPEATED = re.compile(r"(?<=\w)(,,|(?<!\.)\.\.(?!\.)|;;)(?=\s|$)")
_PRONOUN = re.compile(
    r"(?<![^\s\"])(?<![.:;)=+*] )(?<!\b\w )(i)(?='(?:m|ve|ll|d)\b| (?:am|was|have|had|do|did|don't|can"
    r"|can't|could|will|would|should|think|thought|know|knew|feel|felt|want|like|love|just|really|also|never|always|believe"
    r"|guess|get|got|see|saw|went|need|hope|agree|said|say)\b)"
)
_LOWER_START = re.compile(r"(?<![\w.'-])([a-z]{4,20})\. ([a-z]{2,20})(?= [a-z])")
_UPPER_START = re.compile(r"[a-z]{4}\. [A-Z]")
_ABBREVIATION = re.compile(
    r"(?:approx|dept|prof|capt|govt|resp|figs?|eqs?|refs?|secs?|vols?|chap|appx?|misc|assoc|univ)$"
)


def missing_spaces(text: str, lexicon: Lexicon) -> Iterator[Slip]:
    """A stop or comma between two ordinary words, without a space."""
    for match in _GLUED.finditer(text):
        before, stop, after = match.groups()
        if _are_plain(lexicon, before, after):
            yield Span(*match.span()), f"{match.group()} \u2192 {before}{stop} {after}"


def doubled_words(text: str, lexicon: Lexicon) -> Iterator[Slip]:
    """An ordinary word twice, not thrice: that is on purpose, or a loop of a machine."""
    for match in _DOUBLED.finditer(text):
        word = match[1]
        once_too_often = match.group().islower() and not match[2] and not _MEANT_TWICE.match(word)
        if once_too_often and _are_plain(lexicon, word):
            yield Span(*match.span()), word


def punctuation(text: str, lexicon: Lexicon) -> Iterator[Slip]:
    """Space before a stop, a stop too many, "i" for "I", a sentence begun in lower case."""
    spaced = (match for match in _SPACED.finditer(text) if _are_plain(lexicon, match[1]))
    lower = _unless_habit(_lower_starts(text, lexicon), len(_UPPER_START.findall(text)))
    found = chain(
        _unless_habit(spaced, len(_UNSPACED.findall(text))),
        lower,
        _REPEATED.finditer(text),
        _PRONOUN.finditer(text),
    )
    return ((Span(*match.span(match.lastindex or 0)), match[match.lastindex or 0]) for match in found)


def _lower_starts(text: str, lexicon: Lexicon) -> Iterator[re.Match[str]]:
    for match in _LOWER_START.finditer(text):
        if not _ABBREVIATION.match(match[1]) and _are_plain(lexicon, *match.groups()):
            yield match


def _are_plain(lexicon: Lexicon, *words: str) -> bool:
    return bool(lexicon.frequency(words).min() >= _PLAIN_WORD)


def _unless_habit(found: Iterable[re.Match[str]], regular: int) -> list[re.Match[str]]:
    slips = list(found)
    habit = len(slips) >= _FEWEST_OF_HABIT and len(slips) > HABIT * (len(slips) + regular)
    return [] if habit else slips
