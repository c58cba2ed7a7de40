"""Everything a detector is fitted on, measured once and kept."""

from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
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
from neural_lab.training.measured import Measured, joined, measure_all

RESERVED_SHARE = 3
BATCH = 32
SURFACE = "4"  # Raise it when the canonical form, the sentences or the signals change.


@dataclass(frozen=True, slots=True)
class Material:
    """Where labelled texts (`detection`) and human corpora (`human`) lie, how many to use, and the seed."""

    detection: Path
    human: Path
    limit: int
    seed: int

    def labelled(self) -> Iterator[Example]:
        """Two-sided sources in full, one-sided ones at half.

        No text twice, and none that begins like one the language model was trained on.
        """
        sides = ((TWO_SIDED, self.limit), (MACHINE_ONLY + HUMAN_ONLY, self.limit // 2))
        chosen = (examples(self.detection, name, n, self.seed) for names, n in sides for name in names)
        seen = {beginning(row.text) for path in self._corpora() for row in read(path) if row.part == "train"}
        for example in chain.from_iterable(chosen):
            if beginning(example.whole) not in seen:
                seen.add(beginning(example.whole))
                yield example

    def long_human(self) -> Iterator[Example]:
        """Human text that was kept from the language model, up to 15,000 words long; a third a corpus."""
        return reserved(self.human, self.limit // RESERVED_SHARE, self.seed)

    def digest(self, bundle: Path) -> str:
        """Names the measurement: the data, the models, and how they are used."""
        files = [*self._corpora(), *sorted(self.detection.glob("*.jsonl.gz"))]
        models = [checksum(bundle / name) for name in (MODEL, TOKENIZER, LEXICON)]
        parts = [SURFACE, str(self.limit), str(self.seed), *SIGNALS, *models, *(checksum(f) for f in files)]
        return blake2b("\n".join(parts).encode(), digest_size=12).hexdigest()

    def _corpora(self) -> list[Path]:
        return sorted(self.human.glob("*.jsonl.xz"))


def measure_material(bundle: Path, material: Material, cache: Path) -> Measured:
    """Every example measured with the bundle's served models, on all cores; `cache` keeps the result."""
    digest, parts = material.digest(bundle), []
    for name, part in (("labelled", material.labelled), ("human", material.long_human)):
        kept = cache / f"{name}-{digest}.npz"
        if not kept.exists():
            _measured(part(), bundle).save(kept)
        parts.append(Measured.load(kept))
    return joined(parts)


def _measured(examples: Iterator[Example], bundle: Path) -> Measured:
    batches = list(_batches(list(examples)))
    with ProcessPoolExecutor(initializer=_open, initargs=(bundle,)) as pool:
        done = pool.map(_measure, batches)
        return joined(list(track(done, "measuring", total=len(batches), console=Console(stderr=True))))


def _batches(examples: list[Example]) -> Iterator[list[Example]]:
    return (examples[at : at + BATCH] for at in range(0, len(examples), BATCH))


_models: list[tuple[OnnxScorer, Lexicon]] = []
"""What a worker process opened; one entry."""


def _open(bundle: Path) -> None:
    scorer = OnnxScorer(bundle / MODEL, bundle / TOKENIZER, scorer_identity(bundle), threads=1)
    _models.append((scorer, Lexicon(np.load(bundle / LEXICON, mmap_mode="r"))))


def _measure(batch: list[Example]) -> Measured:
    return measure_all(batch, *_models[0])


def scorer_identity(bundle: Path) -> str:
    return identity({name: checksum(bundle / name) for name in (MODEL, TOKENIZER)})
