"""Build the lexicon from a frequency dictionary and the human corpora.

The dictionary (SymSpell's: Google Books counts of the words in SCOWL) is trusted.
A word that only the corpora have must have been written by several authors, and
may not be much rarer than a common word that it could be a slip for.
"""

import math
import re
import sys
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from importlib.resources import files
from pathlib import Path

import numpy as np
from symspellpy import SymSpell, Verbosity

from neural_lab.detect.lexicon import normalised, pack
from neural_lab.training import corpus

DICTIONARY = "frequency_dictionary_en_82_765.txt"
# Words of today and of conversation, which edited texts of the past lack.
ADDITIONS = "lexicon_additions.txt"
# Once in a million words: rarer words are not misspelt often enough to be met.
COMMON = 3.0
DOCUMENTS, DOCUMENTS_BESIDE_COMMON, DOCUMENTS_BEYOND_DOUBT = 2, 3, 30
# Decades that a word may be rarer than its common neighbour. In these corpora "occuring" and
# "publically" reach a hundredth of the right spelling; slips of the finger do not recur so often.
GAP, GAP_OF_USUAL_SLIP = 3.0, 1.2
GAP_OF_NAME, GAP_OF_USUAL_SLIP_OF_NAME = 1.5, 0.5

_LETTERS = re.compile(r"[^\W\d_]+(?:['\u2019][^\W\d_]+)*")
_UNHEARD = re.compile(r"(.)(?=\1)|[aeiouy']")


@dataclass(frozen=True)
class Usage:
    """How often words occur, in how many documents at all and in how many in lower case."""

    total: Counter[str] = field(default_factory=Counter)
    documents: Counter[str] = field(default_factory=Counter)
    lower_case: Counter[str] = field(default_factory=Counter)


def build(corpora: Path, destination: Path) -> int:
    """Write the lexicon of the corpora in a folder; returns the number of its words."""
    usage = count(row.text for path in sorted(corpora.glob("*.jsonl.xz")) for row in _rows(path))
    words = select(usage, read_dictionary())
    np.save(destination, pack(words), allow_pickle=False)
    return len(words)


def count(texts: Iterable[str]) -> Usage:
    usage = Usage()
    for text in texts:
        words = Counter(_LETTERS.findall(text))
        for word, times in words.items():
            usage.total[normalised(word)] += times
        usage.documents.update({normalised(word) for word in words})
        usage.lower_case.update({normalised(word) for word in words if word.islower()})
    return usage


def read_dictionary() -> dict[str, float]:
    """Zipf frequencies of the dictionary's words."""
    counts = Counter[str]()
    for line in files("symspellpy").joinpath(DICTIONARY).read_text("utf-8-sig").splitlines():
        word, times = line.split()
        counts[normalised(word)] += int(times)
    return _zipf(counts)


def select(usage: Usage, dictionary: dict[str, float]) -> dict[str, float]:
    """Zipf frequencies of the words that shall count as known."""
    seen = {word: zipf for word, zipf in _zipf(usage.total).items() if usage.documents[word] >= DOCUMENTS}
    every = {word: max(seen.get(word, 0.0), dictionary.get(word, 0.0)) for word in seen | dictionary}
    common = _index({word: zipf for word, zipf in every.items() if zipf >= COMMON and word in dictionary})
    added = dict.fromkeys(files(__package__).joinpath(ADDITIONS).read_text("utf-8").split(), COMMON)
    held = {
        word: zipf for word, zipf in every.items() if word in dictionary or _holds(word, zipf, common, usage)
    }
    return added | held


def _holds(word: str, zipf: float, common: SymSpell, usage: Usage) -> bool:
    """Whether `word` is met often enough, beside the common words one edit away, to be one of its own."""
    near = [other for other in common.lookup(word, Verbosity.ALL, max_edit_distance=1) if other.distance]
    if usage.lower_case[word] >= DOCUMENTS_BEYOND_DOUBT:
        return all("'" not in other.term for other in near)
    common_noun = usage.lower_case[word] >= DOCUMENTS_BESIDE_COMMON
    allowed = (GAP, GAP_OF_USUAL_SLIP) if common_noun else (GAP_OF_NAME, GAP_OF_USUAL_SLIP_OF_NAME)
    return all(math.log10(other.count) - zipf < allowed[_is_usual_slip(word, other.term)] for other in near)


def _is_usual_slip(word: str, right: str) -> bool:
    """Letters swapped, doubled or not, or another vowel: what many writers get wrong alike."""
    return sorted(word) == sorted(right) or _UNHEARD.sub("", word) == _UNHEARD.sub("", right)


def _index(zipf: dict[str, float]) -> SymSpell:
    index = SymSpell(max_dictionary_edit_distance=1)
    for word, frequency in zipf.items():
        index.create_dictionary_entry(word, round(10**frequency))
    return index


def _zipf(counts: Counter[str]) -> dict[str, float]:
    whole = math.log10(counts.total()) - 9
    return {word: math.log10(times) - whole for word, times in counts.items()}


def _rows(path: Path) -> Iterator[corpus.Row]:
    """Rows that no detector is fitted on, so that it meets words of human texts as it will in use."""
    return (row for row in corpus.read(path) if row.part != "reserved")


if __name__ == "__main__":
    print(build(Path(sys.argv[1]), Path(sys.argv[2])))
