"""Libraries and documents to measure the audit on: seeded, with boilerplate, and with copies of every kind.

Without a folder of real text, words of the detector's tokenizer are drawn so that
frequencies follow Zipf's law and each word prefers some successors, which makes common
phrases recur as they do in writing.
"""

from __future__ import annotations

import json
import lzma
import random
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache, partial
from itertools import islice
from pathlib import Path

import numpy as np

from neural_lab.backends.bundle import Bundle
from neural_lab.compose import EMBEDDED

WORDS_A_SENTENCE, DOCUMENT, QUERY = (6, 28), 3_000, 78_000
BOILERPLATE, SHARE = 50, 0.02
LETTERS = 40
SUCCESSORS, PREFERRED = 40, 0.6

Change = Callable[[random.Random, str], str]


@dataclass(frozen=True, slots=True)
class Planted:
    """A copy: its kind, where it stands in the document, and the number of the source (from 0)."""

    kind: str
    start: int
    end: int
    source: int


class Corpus:
    """`count` documents by number, each made anew when it is asked for; nothing is held in memory."""

    def __init__(self, count: int, seed: int, folder: Path | None = None) -> None:
        self.count, self.seed = count, seed
        self.real = tuple(real_sentences(folder)) if folder else ()
        self.common = list(islice(self._sentences(random.Random(f"common {seed}"), 0, 1), BOILERPLATE))

    def document(self, number: int) -> str:
        """One document of about `DOCUMENT` characters in paragraphs; each boilerplate stands in one of 50."""
        chance = random.Random(f"{self.seed} {number}")
        parts, length = [], 0
        for sentence in self._sentences(chance, number + 1, self.count + 2):
            parts.append(sentence)
            length += len(sentence)
            if length > DOCUMENT:
                break
        for sentence in self.common:
            if chance.random() < SHARE:
                parts.insert(chance.randrange(len(parts)), sentence)
        return _paragraphs(parts)

    def documents(self) -> Iterator[str]:
        return map(self.document, range(self.count))

    def query(self, number: int, length: int = QUERY) -> tuple[str, list[Planted]]:
        """A document of `length` characters with one copy of each kind in turn, as many as fill a third."""
        chance = random.Random(f"query {self.seed} {number}")
        own = self._sentences(chance, self.count + 1, self.count + 2)
        parts, planted, at, copied = [], [], 0, 0
        kinds = _kinds_in_turn(chance)
        while at < length:
            filler = " ".join(islice(own, 1 + chance.randrange(4)))
            if chance.random() < 0.1:
                filler += " " + chance.choice(self.common)
            parts.append(filler)
            at += len(filler) + 1
            if 3 * copied < at:
                kind, source = next(kinds), chance.randrange(min(self.count, 1_000))
                copy = make_copy(chance, kind, self.document(source))
                planted.append(Planted(kind, at, at + len(copy), source))
                parts.append(copy)
                at, copied = at + len(copy) + 1, copied + len(copy)
        return " ".join(parts), planted

    def _sentences(self, chance: random.Random, share: int, shares: int) -> Iterator[str]:
        if not self.real:
            return synthetic_sentences(chance)
        mine = self.real[share % len(self.real) :: shares] if shares > 1 else self.real[-BOILERPLATE:]
        return iter(chance.sample(mine, len(mine)))


def real_sentences(folder: Path) -> Iterator[str]:
    """Sentences of the `.jsonl.xz` files of a folder, each once."""
    from neural_lab.text.sentences import segment

    seen: set[str] = set()
    for path in sorted(folder.glob("*.jsonl.xz")):
        with lzma.open(path, "rt", encoding="utf-8") as file:
            for row in islice(file, 150):
                text = json.loads(row)["text"][:60_000]
                found = (" ".join(sentence.span.of(text).split()) for sentence in segment(text))
                fresh = [each for each in found if 40 < len(each) < 400 and each not in seen]
                seen.update(fresh)
                yield from fresh


def synthetic_sentences(chance: random.Random) -> Iterator[str]:
    words, share = _vocabulary()
    generator = np.random.default_rng(chance.getrandbits(64))
    while True:
        count = chance.randint(*WORDS_A_SENTENCE)
        free = generator.choice(len(words), count, p=share).tolist()
        picks, coins = generator.integers(0, SUCCESSORS, count).tolist(), generator.random(count).tolist()
        at, found = free[0], []
        for new, pick, coin in zip(free, picks, coins, strict=True):
            # A successor of the word before, the first ones often, or any word.
            at = (at * 7919 + pick * pick // SUCCESSORS * 104_729) % len(words) if coin < PREFERRED else new
            found.append(words[at])
        sentence = " ".join(found)
        yield sentence[0].upper() + sentence[1:] + "."


@cache
def _vocabulary() -> tuple[list[str], np.ndarray]:
    held = json.loads((EMBEDDED / "tokenizer.json").read_text("utf-8"))["model"]["vocab"]
    found = (word[1:] for word in sorted(held, key=held.get) if re.fullmatch("Ġ[a-z]{3,}", word))
    lexicon = Bundle(EMBEDDED).lexicon()
    words = [word for word in found if lexicon.known(word)]
    share = 1 / (np.arange(len(words)) + 3.0)
    return words, share / share.sum()


def _paragraphs(sentences: list[str]) -> str:
    return "\n\n".join(" ".join(sentences[at : at + 6]) for at in range(0, len(sentences), 6))


def _kinds_in_turn(chance: random.Random) -> Iterator[str]:
    while True:
        yield from chance.sample(sorted(KINDS), len(KINDS))


def make_copy(chance: random.Random, kind: str, document: str) -> str:
    """A stretch of `document` of whole words, changed as `kind` says, with `LETTERS` letters or more."""
    least, most, change = KINDS[kind]
    length = min(chance.randint(least, most), len(document))
    start = chance.randint(0, len(document) - length)
    start = document.rfind(" ", 0, start) + 1
    end = document.find(" ", start + length)
    stretch = document[start : end if end > 0 else len(document)]
    while sum(map(str.isalnum, stretch)) < LETTERS:
        start = max(start - 20, 0)
        stretch = document[start:end]
    return change(chance, " ".join(stretch.split()))


def _same(_: random.Random, text: str) -> str:
    return text


def _restyled(chance: random.Random, text: str) -> str:
    """Other case, spacing and punctuation, the same letters."""
    words = [chance.choice((str.upper, str.lower, str.title, str))(word) for word in text.split()]
    return "".join(word + chance.choice((" ", "  ", ", ", " - ", "\n", "; ")) for word in words).strip()


def _substituted(share: float, chance: random.Random, text: str) -> str:
    words = _vocabulary()[0]
    return " ".join(chance.choice(words) if chance.random() < share else word for word in text.split())


def _deleted(chance: random.Random, text: str) -> str:
    return " ".join(word for word in text.split() if chance.random() >= 0.1)


def _reordered(chance: random.Random, text: str) -> str:
    sentences = re.split(r"(?<=\.) ", text)
    return " ".join(chance.sample(sentences, len(sentences)))


KINDS: dict[str, tuple[int, int, Change]] = {
    "verbatim, 60-80": (60, 80, _same),
    "verbatim, 120": (120, 140, _same),
    "verbatim, 300-1500": (300, 1500, _same),
    "case, space, marks": (200, 600, _restyled),
    "10 % substituted": (300, 600, partial(_substituted, 0.1)),
    "25 % substituted": (300, 600, partial(_substituted, 0.25)),
    "10 % deleted": (300, 600, _deleted),
    "reordered": (400, 800, _reordered),
}
"""Least and most characters of a copy, and how it is changed."""
