"""Labelled examples after measurement: one row a sentence, one entry a document, on disk as arrays."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from neural_lab.detect.human_evidence import find_evidence, rate
from neural_lab.detect.lexicon import Lexicon
from neural_lab.detect.neighbourhood import Neighbourhood
from neural_lab.detect.signals import measure
from neural_lab.detect.word_signals import known_words
from neural_lab.ports import TokenScorer
from neural_lab.training.detection import Example
from neural_lab.types import Floats, TokenScores

SENTENCE = ("signals", "evidence", "characters", "document")
FAMILIES = {
    **dict.fromkeys(
        ("arxiv_abstracts", "reserved/arxiv_abstracts", "reserved/arxiv_abstracts2", "reserved/scitldr"),
        "abstracts",
    ),
    **dict.fromkeys(("reserved/novels100", "reserved/eltec_eng", "reserved/gender_novels"), "old fiction"),
    **dict.fromkeys(("reserved/plos", "reserved/oa_stm", "reserved/craft"), "papers"),
    **dict.fromkeys(("reserved/18f", "reserved/digitalgov", "reserved/dc_law"), "government"),
    **dict.fromkeys(("reserved/openstax", "reserved/aosa"), "textbooks"),
    **dict.fromkeys(("eqbench_creative", "eqbench_longform"), "eqbench"),
}
DOCUMENT = ("label", "words", "known", "source", "domain", "attack")


@dataclass(frozen=True)
class Measured:
    """`signals` `[sentences, signals]`, `evidence` and `characters` `[sentences]`, `document` their owner.

    The other arrays have one entry a document.
    """

    signals: Floats
    evidence: Floats
    characters: Floats
    document: NDArray[np.int64]
    label: NDArray[np.int64]
    words: NDArray[np.int64]
    known: Floats
    source: NDArray[np.str_]
    domain: NDArray[np.str_]
    attack: NDArray[np.str_]

    @cached_property
    def family(self) -> NDArray[np.str_]:
        """Sources that share texts, genre or generators: weighed, and held out, as one."""
        return np.array([FAMILIES.get(source, source) for source in self.source.tolist()])

    def save(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        np.savez_compressed(path, **{name: getattr(self, name) for name in (*SENTENCE, *DOCUMENT)})

    @classmethod
    def load(cls, path: Path) -> "Measured":
        with np.load(path, allow_pickle=False) as arrays:
            return cls(**{name: arrays[name] for name in arrays})

    def where(self, documents: NDArray[np.bool_]) -> "Measured":
        """Only the marked documents, numbered anew."""
        number, rows = np.cumsum(documents) - 1, documents[self.document]
        kept = {name: getattr(self, name)[rows] for name in SENTENCE}
        kept |= {name: getattr(self, name)[documents] for name in DOCUMENT}
        return Measured(**kept | {"document": number[self.document[rows]]})

    def mean(self, probability: Floats) -> Floats:
        """Character-weighted mean per document of a value per sentence."""
        weight = np.bincount(self.document, self.characters, len(self.label))
        return np.asarray(np.bincount(self.document, self.characters * probability, len(self.label)) / weight)


def measure_all(examples: Sequence[Example], scorer: TokenScorer, lexicon: Lexicon) -> Measured:
    """Score and measure each example, in order."""
    scored = zip(examples, scorer.score([e.text for e in examples]), strict=True)
    rows = [_measured(example, tokens, lexicon) for example, tokens in scored]
    owner = np.repeat(np.arange(len(rows)), [len(example.sentences) for example in examples])
    columns = [np.concatenate(column) for column in zip(*rows, strict=True)]
    known = {"known": np.array([known_words(e.text, lexicon) for e in examples])}
    names = (name for name in DOCUMENT if name not in known)
    per_document = known | {name: np.array([getattr(e, name) for e in examples]) for name in names}
    return Measured(**dict(zip(SENTENCE, (*columns, owner), strict=True)), **per_document)


def joined(parts: Sequence[Measured]) -> Measured:
    """The documents of `parts` in one row, numbered on."""
    columns = {name: np.concatenate([getattr(p, name) for p in parts]) for name in (*SENTENCE, *DOCUMENT)}
    offsets = np.cumsum([0, *(len(part.label) for part in parts[:-1])])
    owners = [part.document + offset for part, offset in zip(parts, offsets, strict=True)]
    return Measured(**columns | {"document": np.concatenate(owners)})


def _measured(example: Example, tokens: TokenScores, lexicon: Lexicon) -> tuple[Floats, Floats, Floats]:
    text, spans = example.text, list(example.sentences)
    signals = measure(text, spans, tokens, lexicon)
    typos = rate(find_evidence(text, lexicon), text, spans, Neighbourhood(len(spans)))
    return signals, typos, np.array([float(span.length) for span in spans])
