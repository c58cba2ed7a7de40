"""What the passage encoder learns from: sentences of labelled texts as token ids, drawn as passages."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray
from tokenizers import Tokenizer

from neural_lab.training.attacks import typos
from neural_lab.training.encoder import pretrained_folder
from neural_lab.types import Floats

FIRST, LAST = 101, 102  # [CLS] and [SEP]
SHORTEST_WORDS, LONGEST_WORDS, TOKENS_A_WORD = 30, 190, 1.3
LONGEST_TOKENS = 256
MIXED_SHARE, TYPO_SHARE = 0.25, 0.12

Ids = NDArray[np.int64]


def tokenizer() -> Tokenizer:
    """The published tokenizer, without padding or truncation."""
    published = Tokenizer.from_file(str(pretrained_folder() / "tokenizer.json"))
    published.no_padding()
    published.no_truncation()
    return published


@dataclass(frozen=True)
class Texts:
    """Labelled texts as lists of sentences; all lists have one entry a text."""

    sentences: list[list[str]]
    label: NDArray[np.int64]
    family: NDArray[np.str_]
    domain: NDArray[np.str_]
    weight: Floats
    fold: NDArray[np.int64]

    @cached_property
    def words(self) -> list[NDArray[np.int64]]:
        return [np.array([s.count(" ") + 1 for s in text]) for text in self.sentences]

    def where(self, kept: NDArray[np.bool_]) -> "Texts":
        sentences = [text for text, keep in zip(self.sentences, kept, strict=True) if keep]
        columns = (getattr(self, name)[kept] for name in ("label", "family", "domain", "weight", "fold"))
        return Texts(sentences, *columns)


@dataclass(frozen=True, slots=True)
class Passage:
    """Token ids, and for each the label of its sentence and the sentence's number (-1 outside any)."""

    ids: Ids
    labels: NDArray[np.float32]
    sentence: NDArray[np.int64]
    pure: bool


class Sampler:
    """Draws passages of whole sentences: classes alike, then families by the root of their size."""

    def __init__(self, texts: Texts, tokenizer: Tokenizer, seed: int) -> None:
        self.texts, self.tokenizer = texts, tokenizer
        self.rng = np.random.default_rng(seed)
        self._chance = [_chances(texts, label) for label in (0, 1)]
        self._groups = _mixable(texts)

    def passages(self) -> Iterator[Passage]:
        while True:
            mixed = len(self._groups) > 0 and self.rng.random() < MIXED_SHARE
            yield self._encode(*(self._mixed() if mixed else self._pure()))

    def weights(self) -> Floats:
        """How often each text is drawn, relative to the others."""
        weights = np.zeros(len(self.texts.label))
        for texts, chance in self._chance:
            weights[texts] = chance
        return weights

    def _pure(self) -> tuple[list[str], list[int]]:
        label = int(self.rng.integers(2))
        texts, chance = self._chance[label]
        text = int(self.rng.choice(texts, p=chance))
        run = self.run(text, self.length())
        return run, [label] * len(run)

    def _mixed(self) -> tuple[list[str], list[int]]:
        """A run of one writer and one of the other, of the same source and domain."""
        group = self._groups[self.rng.integers(len(self._groups))]
        share, total = self.rng.uniform(0.25, 0.75), max(self.length(), 60)
        runs = [
            self.run(int(self.rng.choice(side)), int(total * part))
            for side, part in zip(group, (share, 1 - share), strict=True)
        ]
        order = (0, 1) if self.rng.random() < 0.5 else (1, 0)
        return [s for i in order for s in runs[i]], [i for i in order for _ in runs[i]]

    def length(self) -> int:
        return int(np.exp(self.rng.uniform(np.log(SHORTEST_WORDS), np.log(LONGEST_WORDS))))

    def run(self, text: int, target: int) -> list[str]:
        counts = self.texts.words[text]
        behind = counts[::-1].cumsum()[::-1]
        starts = np.flatnonzero(behind >= min(target, counts.sum()))
        start = int(self.rng.choice(starts))
        end = start + 1 + int(np.searchsorted(counts[start:].cumsum(), target))
        return self.texts.sentences[text][start:end]

    def _encode(self, sentences: list[str], labels: list[int]) -> Passage:
        if self.rng.random() < TYPO_SHARE:
            rate = self.rng.uniform(0.005, 0.05)
            sentences = [typos(sentence, rate, self.rng) for sentence in sentences]
        parts = [e.ids for e in self.tokenizer.encode_batch(sentences, add_special_tokens=False)]
        ids = np.array([*[FIRST, *(i for part in parts for i in part)][: LONGEST_TOKENS - 1], LAST])
        owner = np.full(len(ids), -1)
        flat = np.repeat(np.arange(len(parts)), [len(part) for part in parts])[: len(ids) - 2]
        owner[1:-1] = flat
        value = np.array(labels, dtype=np.float32)[np.maximum(owner, 0)]
        return Passage(ids, value, owner, len(set(labels)) == 1)


def _chances(texts: Texts, label: int) -> tuple[Ids, Floats]:
    mine = np.flatnonzero(texts.label == label)
    _, number, count = np.unique(texts.family[mine], return_inverse=True, return_counts=True)
    chance = texts.weight[mine] / np.sqrt(count)[number]
    return mine, chance / chance.sum()


def _mixable(texts: Texts) -> list[tuple[Ids, Ids]]:
    """Pairs of (human texts, machine texts) that share source and domain."""
    keys = np.char.add(np.char.add(texts.family, "/"), texts.domain)
    pairs = []
    for key in np.unique(keys):
        human, machine = (np.flatnonzero((keys == key) & (texts.label == label)) for label in (0, 1))
        if min(len(human), len(machine)) >= 20:
            pairs.append((human, machine))
    return pairs


def batches(passages: Iterator[Passage], size: int, pool: int = 16) -> Iterator[list[Passage]]:
    """Batches of passages of like length, so that little is padding."""
    while True:
        drawn = sorted((next(passages) for _ in range(size * pool)), key=lambda p: len(p.ids))
        order = np.random.default_rng(len(drawn[0].ids)).permutation(pool)
        for i in order:
            yield drawn[i * size : (i + 1) * size]
