"""Human evidence: slips of the keyboard, which may lower a score by a bounded, disclosed amount."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from neural_lab.detect.lexicon import Lexicon
from neural_lab.detect.misspellings import misspellings
from neural_lab.text.sentences import segment
from neural_lab.text.words import count_words
from neural_lab.types import Floats, Sentence, Span


class EvidenceKind(StrEnum):
    MISSPELLING = "misspelling"
    MISSING_SPACE = "missing_space"
    DOUBLED_WORD = "doubled_word"
    PUNCTUATION = "punctuation"


@dataclass(frozen=True, slots=True)
class Evidence:
    """One slip; `detail` is the word and what was probably meant, nothing else of the text."""

    kind: EvidenceKind
    span: Span
    detail: str



WINDOW = 5
# Below this many words in the window a rate says more about the length than about the writer.
_FEWEST_WORDS = 50

# A private-use character: no letter, no space, no punctuation, so nothing is found in it or beside it.
_BLANK = "\ue000"
# Lengths are bounded so that no text makes the search quadratic.
_NOT_PROSE = re.compile(
    r"```.*?(?:```|\Z)|`[^`\n]{1,200}`|\$[^$\n]{1,200}\$|\\[A-Za-z]{1,40}(?:\{[^}\n]{0,100}\})?"
    r"|\b(?:https?|ftp)://\S+|\bwww\.\S+|[^\s@]{1,64}@[^\s@]{1,64}\.\w+|<[^<>\n]{1,200}>"
    r"|(?<!\S)\S{0,40}[/\\]\S{0,40}[/\\]\S*"
    r"|\b(?:[\w-]{1,40}\.){1,4}[a-z]{2,4}\d?\b(?=[\s,;:)\"']|[.?!](?:\s|$)|$)",
    re.DOTALL,
)
_CONTRACTION = re.compile(
    r"\b(?:(?:do|does|did|ca|could|would|should|was|were|is|are|have|has|had|wo(?=nt\b(?! to\b)))nt"
    r"|(?:i|you|they)ve|(?:you|they)re|(?:that|what|there)s(?= (?:a|an|the|not|why|what|how|it|my|no)\b)|im)\b"
)
_RUN_TOGETHER = re.compile(r"\b(?:alot|aswell|infact|atleast|eachother|noone|incase|ofcourse)\b")
_GLUED = re.compile(r"(?<![\w.'-])([a-z]{2,20})([.!?;,])([A-Z][a-z]{1,20}|(?<=,)[a-z]{3,20})(?![\w.(,/-])")
_DOUBLED = re.compile(r"(?<![\w'-])([A-Za-z][a-z]{1,20})(?: |\s?\n)(\1)(?![\w'-]|\s+\1\b)", re.IGNORECASE)
_EMPHASIS = frozenset(
    "had that very so really much many no bye ha blah yeah far long never never more again too well now there go "
    "please what why knock pretty big old on in out up is do you her it ever over round and tut hush hear who".split()
)
_SPACED = re.compile(r"(?<=[a-z]) ([,.;?!])(?=\s+\w|$)")
_REPEATED = re.compile(r"(?<=\w)(?:,\s?,|(?<!\.)\.\.(?!\.)|;;|\?\.|!\.)(?=\s|$)")
_PRONOUN = re.compile(
    r"(?<![\w.,:;()*=+/'-])(?<! [A-Za-z])(?<!\d) (i)(?='(?:m|ve|ll|d)\b"
    r"| (?:am|was|have|had|do|did|don't|can|can't|could|will|would|should|think|thought|know|knew|feel|felt|want"
    r"|like|love|just|really|also|never|always|believe|guess|get|got|see|saw|went|need|hope|agree|said|say)\b)"
)
_LOWER_START = re.compile(r"(?<![\w.'-])([a-z]{4,20})\. ([a-z]{2,20})(?= [a-z])")
_ABBREVIATION = re.compile(
    r"approx|dept|prof|capt|govt|esp|etc|incl|resp|viz|figs?|eqs?|refs?|secs?|vols?|chap|appx?|misc|assoc|univ"
)


def find_evidence(text: str, lexicon: Lexicon) -> list[Evidence]:
    """Slips in `text`, in order; words in addresses, code, formulas and foreign sentences are left alone."""
    prose = _NOT_PROSE.sub(lambda match: _BLANK * len(match.group()), text)
    found = [
        *(Evidence(EvidenceKind.MISSPELLING, span, detail) for span, detail in _misspelt(prose, lexicon)),
        *_missing_spaces(prose, lexicon),
        *_doubled_words(prose),
        *_punctuation(prose, lexicon),
    ]
    return sorted(found, key=lambda each: each.span)
