"""Labelled texts, brought to one surface form and cut to runs of sentences."""

import gzip
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import blake2b
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np

from neural_lab.text.canonical import canonicalize
from neural_lab.text.sentences import segment
from neural_lab.text.words import count_words
from neural_lab.training.corpus import read as read_corpus
from neural_lab.training.sources import HUMAN, Source, Sources
from neural_lab.types import Span

MIXED = 2
_WHOLE = re.compile(r"[.!?][\"')\]]*$")
_BEGINS = re.compile(r"[\"'(\[]*[A-Z0-9]")


@dataclass(frozen=True, slots=True)
class Example:
    """A run of whole sentences of one labelled text; `text` is canonical.

    `label` is 1 for machine and `MIXED` for a text of both, `marked` says so of
    each sentence. `family` says what it is weighed with, `fold` what it is held
    out with.
    """

    text: str
    sentences: tuple[Span, ...]
    label: int
    source: str
    domain: str
    model: str
    attack: str
    writer: str
    family: str
    genre: str
    fold: int
    words: int
    whole: str
    marked: tuple[int, ...]


def examples(folder: Path, source: Source, recipe: Sources) -> Iterator[Example]:
    """Examples of one `.jsonl.gz` of labelled texts, chosen by hash of the text."""
    with gzip.open(folder / f"{source.name}.jsonl.gz", "rt", encoding="utf-8") as lines:
        rows = [json.loads(line) for line in lines]
    rows.sort(key=lambda row: seeded_hash(row["text"], recipe.seed))
    sides = [[row for row in rows if row["label"] == label] for label in (0, 1)]
    words = recipe.lengths["both" if all(sides) else "one"]
    for side in sides:
        yield from _first(side, source, recipe, words)


def reserved(folder: Path, source: Source, recipe: Sources) -> Iterator[Example]:
    """Human text of one corpus that the language model was not trained on."""
    name = source.name.removeprefix(HUMAN)
    texts = [row.text for row in read_corpus(folder / f"{name}.jsonl.xz") if row.part == "reserved"]
    rows: list[dict[str, Any]] = [{"text": text, "label": 0, "domain": name} for text in texts]
    rows.sort(key=lambda row: seeded_hash(row["text"], recipe.seed))
    yield from _first(rows, source, recipe, recipe.lengths["human"])


def beginning(text: str) -> str:
    """The first 200 letters and digits of `text`: equal for copies that differ in case or typography."""
    return "".join(ch for ch in text[:600].casefold() if ch.isalnum())[:200]


def _first(
    rows: list[dict[str, Any]], source: Source, recipe: Sources, words: tuple[int, int]
) -> Iterator[Example]:
    found = (example for row in rows if (example := example_of(row, source, recipe, words)))
    yield from islice(found, source.detector)


def example_of(
    row: dict[str, Any], source: Source, recipe: Sources, words: tuple[int, int]
) -> Example | None:
    """A run of sentences of one row, or None when it has fewer than `words[0]` words."""
    text = canonicalize(str(row["text"])).text.strip()
    spans = whole_sentences(text)
    run = _run(text, spans, words, np.random.default_rng(seeded_hash(text, recipe.seed)))
    if not run:
        return None
    cut = text[run[0].start : run[-1].end]
    moved = tuple(Span(s.start - run[0].start, s.end - run[0].start) for s in run)
    said = {key: str(row.get(key) or "") for key in ("domain", "model", "attack", "writer")}
    label = int(row["label"])
    return Example(
        text=cut,
        sentences=moved,
        label=label,
        source=source.name,
        family=source.family,
        genre=recipe.genre(said["domain"]),
        fold=int(row.get("fold", source.fold)),
        words=count_words(cut),
        whole=text,
        marked=(label,) * len(moved),
        **said,
    )


def whole_sentences(text: str) -> list[Span]:
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


def seeded_hash(text: str, seed: int) -> int:
    return int.from_bytes(blake2b(text.encode(), digest_size=8, key=seed.to_bytes(8, "big")).digest(), "big")
