"""Human evidence measured: how often it fires on each class, and how many seeded typing errors it finds.

python benchmarks/human_evidence.py DATA/detection/train LEXICON.npy
"""

import gzip
import json
import random
import re
import sys
from collections import Counter
from pathlib import Path

import numpy as np

from neural_lab.detect.human_evidence import Evidence, EvidenceKind, find_evidence
from neural_lab.detect.lexicon import Lexicon
from neural_lab.text.canonical import canonicalize
from neural_lab.text.words import count_words

SOURCES = ("detectrl", "m4_subset", "outfox", "l2r_train_domains", "raidar")
CLEAN = ("arxiv_abstracts", "wiki_intro150")
SAMPLE, SEED, TYPO_RATE, LONGEST = 300, 7, 0.01, 20_000
LETTERS = "abcdefghijklmnopqrstuvwxyz"


def read(path: Path, label: int) -> list[str]:
    """A fixed sample of one class of a file, in canonical form."""
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        texts = [row["text"] for row in map(json.loads, lines) if row["label"] == label]
    chosen = random.Random(SEED).sample(texts, min(SAMPLE, len(texts)))
    return [canonicalize(text[:LONGEST]).text for text in chosen]


def describe(texts: list[str], lexicon: Lexicon) -> str:
    """Share of documents with evidence, then slips per 300 words: all, and by kind."""
    found = [find_evidence(text, lexicon) for text in texts]
    words = sum(map(count_words, texts))
    kinds = Counter(slip.kind for slips in found for slip in slips)
    rates = "  ".join(f"{kinds[kind] * 300 / words:13.3f}" for kind in EvidenceKind)
    share = sum(map(bool, found)) / len(texts)
    return f"{len(texts):4d}  {words:8d}  {share:6.1%}  {kinds.total() * 300 / words:7.3f}  {rates}"


def misspell(text: str, chooser: random.Random, rate: float = TYPO_RATE) -> tuple[str, list[int]]:
    """`text` with a letter wrong in a share of its lower-case words of four letters or more, and where."""
    pieces, places, at = [], [], 0
    for match in re.finditer(r"(?<![\w'-])[a-z]{4,}(?![\w'-])", text):
        if chooser.random() < rate:
            pieces.append(text[at : match.start()])
            places.append(sum(map(len, pieces)))
            pieces.append(slip(match.group(), chooser))
            at = match.end()
    return "".join((*pieces, text[at:])), places


def slip(word: str, chooser: random.Random) -> str:
    """One deletion, transposition, substitution or insertion of a letter, anywhere in the word."""
    at = chooser.randrange(len(word) - 1)
    before, first, second, after = word[:at], word[at], word[at + 1], word[at + 2 :]
    letter = chooser.choice(LETTERS)
    forms = (second + after, second + first + after, letter + second + after, first + letter + second + after)
    changed = before + chooser.choice(forms)
    return changed if changed != word else slip(word, chooser)


def seeded(texts: list[str], lexicon: Lexicon) -> str:
    """Recall of seeded errors; precision with every other misspelling counted as a false alarm."""
    chooser, hits, seeds, alarms = random.Random(SEED), 0, 0, 0
    for text in texts:
        wrong, places = misspell(text, chooser)
        starts = {found.span.start for found in _misspellings(wrong, lexicon)}
        hits, seeds, alarms = hits + len(starts & set(places)), seeds + len(places), alarms + len(starts)
    return f"{seeds:5d} seeded  recall {hits / seeds:.3f}  precision {hits / max(alarms, 1):.3f}"


def _misspellings(text: str, lexicon: Lexicon) -> list[Evidence]:
    return [found for found in find_evidence(text, lexicon) if found.kind is EvidenceKind.MISSPELLING]


def main(folder: Path, lexicon_file: Path) -> None:
    lexicon = Lexicon(np.load(lexicon_file, mmap_mode="r"))
    kinds = "  ".join(f"{kind:>13s}" for kind in EvidenceKind)
    print(f"{'source':26s}   n     words   share   per 300w  {kinds}")
    for source in (*SOURCES, *CLEAN):
        for label, name in enumerate(("human", "machine")):
            if texts := read(folder / f"{source}.jsonl.gz", label):
                print(f"{source:18s}{name:8s}  {describe(texts, lexicon)}")
    for source in CLEAN:
        print(f"{source:18s}{seeded(read(folder / f'{source}.jsonl.gz', 0), lexicon)}")


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
