"""Human evidence: slips of the keyboard, which may lower a score by a bounded, disclosed amount."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from neural_lab.detect.irregularities import doubled_words, missing_spaces, punctuation
from neural_lab.detect.lexicon import Lexicon
from neural_lab.detect.misspellings import misspellings
from neural_lab.detect.neighbourhood import Neighbourhood
from neural_lab.detect.wording import per_sentence
from neural_lab.text.sentences import segment
from neural_lab.types import Floats, Sentence, Span

# In fewer words than this one slip makes a rate that says more about length than about the writer.
FEWEST_WORDS = 50

# A private-use character: no letter, space or stop, so nothing is found in it or across it.
_BLANK = "\ue000"
# Every repetition is bounded, so that no text makes the search quadratic.
_NOT_PROSE = re.compile(
    r"```.*?(?:```|\Z)|`[^`\n]{1,200}`|\$[^$\n]{1,200}\$|\\[A-Za-z]{1,40}(?:\{[^}\n]{0,100}\})?"
    r"|\b(?:https?|ftp)://\S+|\bwww\.\S+|(?<![^\s(<])[^\s@]{1,64}@[^\s@]{1,64}\.\w+|<[^<>\n]{1,200}>"
    r"|(?<!\S)\S{0,40}[/\\]\S{0,40}[/\\]\S*"
    r"|\b(?:[\w-]{1,40}\.){1,4}[a-z]{2,4}\d?\b(?=[\s,;:)\"']|[.?!](?:\s|$)|$)",
    re.DOTALL,
)


class EvidenceKind(StrEnum):
    MISSPELLING = "misspelling"
    MISSING_SPACE = "missing_space"
    DOUBLED_WORD = "doubled_word"
    PUNCTUATION = "punctuation"


@dataclass(frozen=True, slots=True)
class Evidence:
    """One slip; `detail` is what was written and what was probably meant, nothing else of the text."""

    kind: EvidenceKind
    span: Span
    detail: str


def find_evidence(text: str, lexicon: Lexicon, sentences: list[Sentence] | None = None) -> list[Evidence]:
    """Slips in `text`, in order; addresses, code, formulas and foreign sentences are left alone.

    `sentences` of `text` spare finding them again.
    """
    prose = _NOT_PROSE.sub(lambda match: _BLANK * len(match.group()), text)
    found = {
        EvidenceKind.MISSPELLING: misspellings(prose, sentences or segment(text), lexicon),
        EvidenceKind.MISSING_SPACE: missing_spaces(prose, lexicon),
        EvidenceKind.DOUBLED_WORD: doubled_words(prose, lexicon),
        EvidenceKind.PUNCTUATION: punctuation(prose, lexicon),
    }
    slips = (Evidence(kind, Span(*slip[0]), slip[1]) for kind, each in found.items() for slip in each)
    return sorted(slips, key=lambda slip: (slip.span, slip.kind))


def rate(evidence: Sequence[Evidence], sentences: list[Span], words: Floats, near: Neighbourhood) -> Floats:
    """Slips per 100 words in the neighbourhood of each sentence, `words` being how many it has."""
    starts = np.array([slip.span.start for slip in evidence], dtype=np.int64)
    slips = per_sentence(starts, sentences)
    return np.asarray(100.0 * near.sum(slips) / np.maximum(near.sum(words), FEWEST_WORDS))
