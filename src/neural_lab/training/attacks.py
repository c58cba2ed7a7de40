"""What people do to a text to slip past a detector: plain edits, equal for equal generators.

Rewriting by a language model is no plain edit: texts rewritten so are recorded data,
known by the column `attack` of a dataset, and nothing here imitates them.
"""

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cache, partial
from itertools import islice

import numpy as np
from numpy.typing import NDArray

from neural_lab.text.sentences import segment
from neural_lab.text.words import WORD, count_words

KEYS = "qwertyuiop asdfghjkl zxcvbnm"
HOMOGLYPHS, HIDDEN, SPACES, SYNONYMS, ARTICLES = 0.10, 0.10, 0.10, 0.15, 0.5
CASES, BEGINNINGS, SWAPS, PAUSES = 0.06, 0.5, 0.5, 0.5
_LETTERS = "a c d e h i j k o p q s u v w x y A B C E H I J K M N O P S T X Y Z"
_ALIKE = "аα сϲ ԁ е һ і јϳ κ оο рρ ԛ ѕ υ νѵ ԝ х у АΑ ВΒ СϹ ЕΕ НΗ ІΙ ЈͿ КΚ МΜ Ν ОΟ РΡ Ѕ ТΤ ХΧ ҮΥ Ζ"
TWINS = dict(zip(_LETTERS.split(), _ALIKE.split(), strict=True))
"""Letters with the Cyrillic and Greek ones that look like them."""
ZERO_WIDTH = "\u200b\u200c\u200d\u2060"
ODD_SPACES = ("  ", "\n", "\u00a0", "\u2009")
_FUNCTION_WORDS = (
    "about above after again against almost also although always among another because been before being "
    "below between both cannot could does doing done down during each either else enough even ever every "
    "from further hardly have having hence here hers herself himself however indeed into itself just least "
    "less like many might mine more most much must myself neither never nobody none nothing once only other "
    "others ours ourselves over perhaps quite rather same shall should since some somebody someone something "
    "still such than that their theirs them themselves then there therefore these they this those though "
    "through thus together toward towards under unless until upon very well were what whatever when where "
    "whereas whether which while whoever whom whose will with within without would your yours yourself"
)
FUNCTION_WORDS = frozenset(_FUNCTION_WORDS.split())
SHORTEST, NEAREST, SIMILAR, VOCABULARY = 4, 3, 0.42, 12_000
_ARTICLE = re.compile(r"(?<![\w'’-])(an?|the|An|The|(?:^|(?<=[.!?]\s))A)\s+(\w)", re.MULTILINE)
_PAUSE = re.compile(r"[,;](?=\s)")
_LONGER = re.compile(r"[^\W_]{2,}")
_ENDING = re.compile(r"(?:(?<!s)s|ed|ing|ly|er|est)$")

Attack = Callable[[str, np.random.Generator], str]
Match = re.Match[str]


def typos(text: str, rate: float, rng: np.random.Generator) -> str:
    """`text` with about `rate` typing errors a word: letters swapped, dropped, doubled or mistaken."""
    words = text.split(" ")
    for at in np.flatnonzero(rng.random(len(words)) < rate):
        words[at] = _slip(words[at], rng)
    return " ".join(words)


def homoglyphs(text: str, rng: np.random.Generator) -> str:
    """A tenth of the letters that have a twin in another script are replaced by it."""
    found = _some(re.finditer(f"[{''.join(TWINS)}]", text), HOMOGLYPHS, rng)
    return _rewritten(text, found, lambda match: _one(TWINS[match[0]], rng))


def zero_width(text: str, rng: np.random.Generator) -> str:
    """A tenth of the words hold a character without width."""
    return _rewritten(text, _some(_LONGER.finditer(text), HIDDEN, rng), lambda match: _parted(match[0], rng))


def casing(text: str, rng: np.random.Generator) -> str:
    """Words in capitals or without any, and sentences that begin without one."""
    starts = {sentence.span.start for sentence in segment(text)}
    words = list(WORD.finditer(text))
    begin = [match for match in words if match.start() in starts]
    text = _rewritten(text, _some(begin, BEGINNINGS, rng), lambda match: match[0][0].lower() + match[0][1:])
    found = _some(WORD.finditer(text), CASES, rng)
    return _rewritten(text, found, lambda match: match[0].upper() if rng.random() < 0.5 else match[0].lower())


def whitespace(text: str, rng: np.random.Generator) -> str:
    """A tenth of the spaces become two, a line break, or a space of another kind."""
    return _rewritten(text, _some(re.finditer(" ", text), SPACES, rng), lambda _: _one(ODD_SPACES, rng))


def sentence_shuffle_local(text: str, rng: np.random.Generator) -> str:
    """Sentences change places with the next in the same paragraph; none moves by more than one."""
    spans = [sentence.span for sentence in segment(text)]
    edges = [0, *(edge for span in spans for edge in (span.start, span.end)), len(text)]
    gaps = [text[start:end] for start, end in zip(edges[::2], edges[1::2], strict=True)]
    order, at = list(range(len(spans))), 1
    while at < len(spans):
        if swapped := "\n" not in gaps[at] and rng.random() < SWAPS:
            order[at - 1 : at + 1] = at, at - 1
        at += 1 + swapped
    moved = (spans[place].of(text) for place in order)
    return "".join(gap + sentence for gap, sentence in zip(gaps, [*moved, ""], strict=True))


def articles(text: str, rng: np.random.Generator) -> str:
    """Half of all `a`, `an` and `the` are dropped; a word that then begins a sentence has the capital."""
    found = _some(_ARTICLE.finditer(text), ARTICLES, rng)
    return _rewritten(text, found, lambda match: match[2].upper() if match[1][0].isupper() else match[2])


def punctuation(text: str, rng: np.random.Generator) -> str:
    """Half of the commas are dropped or become semicolons, half of the semicolons become commas."""
    found = _some(_PAUSE.finditer(text), PAUSES, rng)
    return _rewritten(text, found, lambda match: "," if match[0] == ";" else _one(("", "", ";"), rng))


@dataclass(frozen=True, slots=True)
class Synonyms:
    """Replaces words by those that `table` has for them, both in lower case."""

    table: dict[str, tuple[str, ...]]

    def __call__(self, text: str, rng: np.random.Generator) -> str:
        """About 15 % of the content words are replaced; words with a capital stay, they may be names."""
        content = [match for match in WORD.finditer(text) if _content(match[0])]
        known = [match for match in content if match[0] in self.table]
        found = _some(known, SYNONYMS * len(content) / max(len(known), 1), rng)
        return _rewritten(text, found, lambda match: _one(self.table[match[0]], rng))


def neighbours(embeddings: NDArray[np.floating], vocabulary: Sequence[str]) -> dict[str, tuple[str, ...]]:
    """Up to three words of like meaning for each content word among the first 12,000 of `vocabulary`.

    `embeddings` is `[words, width]` with a row a word. A neighbour has a cosine of at
    least 0.42, the same ending and kind of first letter, so that it fits where the word
    stood, and another stem, so that it is no form of the word; some are opposites.
    """
    kept = [at for at, word in enumerate(vocabulary) if _content(word)][:VOCABULARY]
    words, rows = [vocabulary[at] for at in kept], embeddings[kept].astype(np.float32)
    unit = rows / np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), 1e-9)
    cosines = (row for at in range(0, len(words), 512) for row in unit[at : at + 512] @ unit.T)
    found = ((word, _nearest(word, words, cosine)) for word, cosine in zip(words, cosines, strict=True))
    return {word: others for word, others in found if others}


def synonyms(text: str, rng: np.random.Generator) -> str:
    """`Synonyms` by the word embeddings of all-MiniLM-L6-v2, read once; raises `ModelUnavailable`."""
    return _published()(text, rng)


@cache
def _published() -> Synonyms:
    from safetensors.numpy import load_file

    from neural_lab.training.encoder import pretrained_folder

    folder = pretrained_folder()
    embeddings = load_file(folder / "model.safetensors")["embeddings.word_embeddings.weight"]
    return Synonyms(neighbours(embeddings, (folder / "vocab.txt").read_text(encoding="utf-8").split("\n")))


def _content(word: str) -> bool:
    plain = word.isascii() and word.isalpha() and word.islower()
    return plain and len(word) >= SHORTEST and word not in FUNCTION_WORDS


def _nearest(word: str, words: Sequence[str], cosine: NDArray[np.float32]) -> tuple[str, ...]:
    close = np.flatnonzero(cosine >= SIMILAR)
    ranked = (words[at] for at in close[np.argsort(-cosine[close], kind="stable")])
    return tuple(islice((other for other in ranked if _fits(word, other)), NEAREST))


def _fits(word: str, other: str) -> bool:
    return _form(word) == _form(other) and word[:4] != other[:4] and word[-5:] != other[-5:]


def _form(word: str) -> tuple[str, bool]:
    ending = _ENDING.search(word)
    return ending[0] if ending else "", word[0] in "aeiou"


def _typos(share: float, text: str, rng: np.random.Generator) -> str:
    """`typos` at a rate that makes up for the words that it leaves alone."""
    able = sum(len(word) > 2 and word.isalpha() for word in text.split(" "))
    return typos(text, share * count_words(text) / max(able, 1), rng)


def _some(matches: Iterable[Match], share: float, rng: np.random.Generator) -> list[Match]:
    found = list(matches)
    return [found[at] for at in np.flatnonzero(rng.random(len(found)) < share)]


def _rewritten(text: str, matches: Iterable[Match], change: Callable[[Match], str]) -> str:
    pieces: list[str] = []
    at = 0
    for match in matches:
        pieces += (text[at : match.start()], change(match))
        at = match.end()
    return "".join((*pieces, text[at:]))


def _one(choices: Sequence[str], rng: np.random.Generator) -> str:
    return choices[int(rng.integers(len(choices)))]


def _parted(word: str, rng: np.random.Generator) -> str:
    at = int(rng.integers(1, len(word)))
    return word[:at] + _one(ZERO_WIDTH, rng) + word[at:]


def _slip(word: str, rng: np.random.Generator) -> str:
    if len(word) < 3 or not word.isalpha():
        return word
    at = int(rng.integers(1, len(word) - 1))
    kind = rng.integers(4)
    if kind == 0:
        return word[:at] + word[at + 1] + word[at] + word[at + 2 :]
    if kind == 1:
        return word[:at] + word[at + 1 :]
    if kind == 2:
        return word[:at] + word[at] + word[at:]
    return word[:at] + _neighbour(word[at], rng) + word[at + 1 :]


def _neighbour(letter: str, rng: np.random.Generator) -> str:
    place = KEYS.find(letter.lower())
    beside = [KEYS[i] for i in (place - 1, place + 1) if 0 <= i < len(KEYS) and KEYS[i] != " "]
    return str(rng.choice(beside)) if place >= 0 and beside else letter


ATTACKS: dict[str, Attack] = {
    "typos_1": partial(_typos, 0.01),
    "typos_3": partial(_typos, 0.03),
    "homoglyphs": homoglyphs,
    "zero_width": zero_width,
    "casing": casing,
    "whitespace": whitespace,
    "synonyms": synonyms,
    "sentence_shuffle_local": sentence_shuffle_local,
    "articles": articles,
    "punctuation": punctuation,
}
"""Edits by name; each takes a text and a generator. `synonyms` needs the published encoder."""
