"""Labelled texts, brought to one surface form and cut to runs of sentences."""

import gzip
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import blake2b
from itertools import islice
from pathlib import Path

import numpy as np

from neural_lab.text.canonical import canonicalize
from neural_lab.text.sentences import segment
from neural_lab.text.words import count_words
from neural_lab.training.corpus import read as read_corpus
from neural_lab.types import Span

TWO_SIDED = ("detectrl", "m4_subset", "outfox", "l2r_train_domains", "raidar")
MACHINE_ONLY = ("adv_paraphrase", "argugpt", "eqbench_creative", "eqbench_longform")
HUMAN_ONLY = ("arxiv_abstracts", "zippy_human")
TWO_SIDED_WORDS, ONE_SIDED_WORDS, RESERVED_WORDS = (25, 600), (25, 15_000), (100, 15_000)
_WHOLE = re.compile(r"[.!?][\"')\]]*$")
_BEGINS = re.compile(r"[\"'(\[]*[A-Z0-9]")


@dataclass(frozen=True, slots=True)
class Example:
    """A run of whole sentences of one labelled text; `text` is canonical, `label` 1 for machine."""

    text: str
    sentences: tuple[Span, ...]
    label: int
    source: str
    domain: str
    model: str
    attack: str
    words: int
    whole: str


def examples(folder: Path, source: str, limit: int, seed: int) -> Iterator[Example]:
    """Up to `limit` examples a class of one `.jsonl.gz` of labelled texts, chosen by hash of the text."""
    with gzip.open(folder / f"{source}.jsonl.gz", "rt", encoding="utf-8") as lines:
        rows = [json.loads(line) for line in lines]
    rows.sort(key=lambda row: _hash(row["text"], seed))
    for label in (0, 1):
        mine = [row for row in rows if row["label"] == label]
        words = TWO_SIDED_WORDS if source in TWO_SIDED else ONE_SIDED_WORDS
        yield from _first(mine, source, limit, seed, words)


def reserved(folder: Path, limit: int, seed: int) -> Iterator[Example]:
    """Human text that the language model was not trained on, up to `limit` examples a domain."""
    for path in sorted(folder.glob("*.jsonl.xz")):
        texts = [row.text for row in read_corpus(path) if row.part == "reserved"]
        rows = [{"text": text, "label": 0, "domain": path.name.split(".")[0]} for text in texts]
        rows.sort(key=lambda row: _hash(str(row["text"]), seed))
        yield from _first(rows, f"reserved/{path.name.split('.')[0]}", limit, seed, RESERVED_WORDS)


def beginning(text: str) -> str:
    """The first 200 letters and digits of `text`: equal for copies that differ in case or typography."""
    return "".join(ch for ch in text[:600].casefold() if ch.isalnum())[:200]


def _first(
    rows: list[dict[str, object]], source: str, limit: int, seed: int, words: tuple[int, int]
) -> Iterator[Example]:
    found = (example for row in rows if (example := _example(row, source, seed, words)))
    yield from islice(found, limit)


def _example(row: dict[str, object], source: str, seed: int, words: tuple[int, int]) -> Example | None:
    text = canonicalize(str(row["text"])).text.strip()
    spans = _whole_sentences(text)
    run = _run(text, spans, words, np.random.default_rng(_hash(text, seed)))
    if not run:
        return None
    cut = text[run[0].start : run[-1].end]
    moved = tuple(Span(s.start - run[0].start, s.end - run[0].start) for s in run)
    domain, model, attack = (str(row.get(key) or "") for key in ("domain", "model", "attack"))
    return Example(cut, moved, int(str(row["label"])), source, domain, model, attack, count_words(cut), text)


def _whole_sentences(text: str) -> list[Span]:
    """Sentences without a first that begins, or a last that ends, in the middle: cut edges leak the class."""
    spans = [sentence.span for sentence in segment(text)]
    if spans and not _BEGINS.match(spans[0].of(text)):
        spans = spans[1:]
    return spans[:-1] if spans and not _WHOLE.search(spans[-1].of(text)) else spans


def _run(text: str, spans: list[Span], words: tuple[int, int], rng: np.random.Generator) -> list[Span]:
    """A run of sentences of a random length, log-uniform between two numbers of words."""
    target = float(np.exp(rng.uniform(*np.log(words))))
    counts = np.array([count_words(span.of(text)) for span in spans])
    if not len(spans) or counts.sum() < words[0]:
        return []
    behind = counts[::-1].cumsum()[::-1]
    starts = np.flatnonzero(behind >= min(target, counts.sum()))
    start = int(rng.choice(starts))
    end = start + 1 + int(np.searchsorted(counts[start:].cumsum(), target))
    return spans[start:end]


def _hash(text: str, seed: int) -> int:
    return int.from_bytes(blake2b(text.encode(), digest_size=8, key=seed.to_bytes(8, "big")).digest(), "big")
