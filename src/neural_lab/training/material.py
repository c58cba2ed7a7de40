"""Everything a detector is fitted on, measured once and kept."""

from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import blake2b
from itertools import chain
from pathlib import Path

import numpy as np
from rich.console import Console
from rich.progress import track

from neural_lab.backends.bundle import LEXICON, MODEL, TOKENIZER, checksum, identity
from neural_lab.backends.onnx_scorer import OnnxScorer
from neural_lab.detect.lexicon import Lexicon
from neural_lab.detect.signals import SIGNALS
from neural_lab.training.corpus import read
from neural_lab.training.detection import (
    HUMAN_ONLY,
    MACHINE_ONLY,
    TWO_SIDED,
    Example,
    beginning,
    examples,
    reserved,
)
from neural_lab.training.measured import Measured, measure_all

RESERVED_SHARE = 10
SURFACE = "3"  # Raise it when the canonical form, the sentences or the signals change.


@dataclass(frozen=True, slots=True)
class Material:
    """Where labelled texts (`detection`) and human corpora (`human`) lie, how many to use, and the seed."""

    detection: Path
    human: Path
    limit: int
    seed: int

    def examples(self) -> Iterator[Example]:
        """Two-sided sources in full, one-sided ones at half, each reserved human corpus at a tenth.

        No text twice, and none that begins like one the language model was trained on.
        """
        sides = ((TWO_SIDED, self.limit), (MACHINE_ONLY + HUMAN_ONLY, self.limit // 2))
        labelled = (examples(self.detection, name, n, self.seed) for names, n in sides for name in names)
        human = reserved(self.human, self.limit // RESERVED_SHARE, self.seed)
        seen = {beginning(row.text) for path in self._corpora() for row in read(path) if row.part == "train"}
        for example in chain(chain.from_iterable(labelled), human):
            if beginning(example.whole) not in seen:
                seen.add(beginning(example.whole))
                yield example

    def digest(self, bundle: Path) -> str:
        """Names the measurement: the data, the models, and how they are used."""
        files = [*self._corpora(), *sorted(self.detection.glob("*.jsonl.gz"))]
        models = [checksum(bundle / name) for name in (MODEL, TOKENIZER, LEXICON)]
        parts = [SURFACE, str(self.limit), str(self.seed), *SIGNALS, *models, *(checksum(f) for f in files)]
        return blake2b("\n".join(parts).encode(), digest_size=12).hexdigest()

    def _corpora(self) -> list[Path]:
        return sorted(self.human.glob("*.jsonl.xz"))


def measure_material(bundle: Path, material: Material, cache: Path) -> Measured:
    """Every example measured with the bundle's served models; `cache` keeps the result."""
    kept = cache / f"measured-{material.digest(bundle)}.npz"
    if not kept.exists():
        watched = track(list(material.examples()), "measuring", console=Console(stderr=True))
        scorer = OnnxScorer(bundle / MODEL, bundle / TOKENIZER, scorer_identity(bundle))
        lexicon = Lexicon(np.load(bundle / LEXICON, mmap_mode="r"))
        measure_all(watched, scorer, lexicon).save(kept)
    return Measured.load(kept)


def scorer_identity(bundle: Path) -> str:
    return identity({name: checksum(bundle / name) for name in (MODEL, TOKENIZER)})
