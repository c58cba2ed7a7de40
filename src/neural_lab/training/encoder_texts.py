"""The texts that the passage encoder and the n-grams learn from."""

import gzip
import json
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from rich.console import Console
from rich.progress import track

from neural_lab.text.canonical import canonicalize
from neural_lab.training.corpus import read
from neural_lab.training.detection import seeded_hash, whole_sentences
from neural_lab.training.encoder_data import Texts
from neural_lab.training.sources import HUMAN, Source, Sources

LONGEST, CORPUS_LONGEST, FEWEST_WORDS = 12_000, 6_000, 25


@dataclass(frozen=True, slots=True)
class Row:
    text: str
    label: int
    source: str
    domain: str


def encoder_texts(detection: Path, human: Path, recipe: Sources) -> Texts:
    """All sources' texts as sentences; of a corpus, texts that the language model learnt from too."""
    rows = list(_rows(detection, human, recipe))
    with ProcessPoolExecutor() as pool:
        done = pool.map(_sentences, (row.text for row in rows), chunksize=64)
        parts = list(track(done, "reading", total=len(rows), console=Console(stderr=True)))
    kept = [at for at, part in enumerate(parts) if sum(map(_words, part)) >= FEWEST_WORDS]
    sources = [recipe.named(rows[at].source) for at in kept]
    columns = ([getattr(rows[at], name) for at in kept] for name in ("label", "source", "domain"))
    share, fold = ([getattr(source, name) for source in sources] for name in ("share", "fold"))
    every = (np.array(column) for column in (*columns, share, fold))
    return Texts([parts[at] for at in kept], *every)


def _rows(detection: Path, human: Path, recipe: Sources) -> Iterator[Row]:
    for source in recipe.sources:
        yield from _labelled(detection / f"{source.name}.jsonl.gz", source, recipe.seed)
    rng = np.random.default_rng(recipe.seed)
    for source in sorted(recipe.corpora, key=lambda source: source.name):
        name = source.name.removeprefix(HUMAN)
        texts = [row.text for row in read(human / f"{name}.jsonl.xz") if row.part == "train"]
        for text in sorted(texts, key=lambda text: seeded_hash(text, recipe.seed))[: source.encoder]:
            at = int(rng.integers(max(1, len(text) - CORPUS_LONGEST)))
            yield Row(text[at : at + CORPUS_LONGEST], 0, source.name, name)


def _labelled(path: Path, source: Source, seed: int) -> Iterator[Row]:
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        rows = [json.loads(line) for line in lines]
    rows.sort(key=lambda row: seeded_hash(row["text"], seed))
    for label in (0, 1):
        mine = [row for row in rows if row["label"] == label][: source.encoder]
        yield from (Row(row["text"], label, source.name, row.get("domain") or "") for row in mine)


def _sentences(text: str) -> list[str]:
    canonical = canonicalize(text[:LONGEST]).text.strip()
    return [" ".join(span.of(canonical).split()) for span in whole_sentences(canonical)]


def _words(sentence: str) -> int:
    return sentence.count(" ") + 1
