"""Everything a detector is fitted on, measured once and kept."""

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from hashlib import blake2b
from pathlib import Path

import numpy as np
from rich.console import Console
from rich.progress import track

from neural_lab.backends.bundle import LEXICON, MODEL, TOKENIZER, checksum, identity
from neural_lab.backends.onnx_scorer import OnnxScorer
from neural_lab.backends.second_files import FILES, encoder_identity, open_reader
from neural_lab.detect.lexicon import Lexicon
from neural_lab.detect.passage_features import PASSAGE_FEATURES
from neural_lab.detect.signals import FUSED
from neural_lab.second_reader import SecondReader
from neural_lab.training.corpus import read
from neural_lab.training.detection import Example, beginning, examples, reserved
from neural_lab.training.measure import measure_all
from neural_lab.training.measured import Measured, joined
from neural_lab.training.sources import Sources

BATCH = 32
SURFACE = "5"  # Raise it when the canonical form, the sentences or the signals change.


@dataclass(frozen=True, slots=True)
class Material:
    """Where labelled texts (`detection`) and human corpora (`human`) lie, and which of them to use."""

    detection: Path
    human: Path
    recipe: Sources

    def examples(self) -> Iterator[Example]:
        """No text twice, and none that begins like one the language model was trained on."""
        seen = {beginning(row.text) for path in self._corpora() for row in read(path) if row.part == "train"}
        for example in self._chosen():
            if beginning(example.whole) not in seen:
                seen.add(beginning(example.whole))
                yield example

    def _chosen(self) -> Iterator[Example]:
        for source in self.recipe.sources:
            yield from examples(self.detection, source, self.recipe)
        for source in self.recipe.corpora:
            yield from reserved(self.human, source, self.recipe)

    def digest(self) -> str:
        """Names the texts and how they are chosen."""
        files = [*self._corpora(), *sorted(self.detection.glob("*.jsonl.gz"))]
        return digest_of([str(self.recipe), *(checksum(file) for file in files)])

    def _corpora(self) -> list[Path]:
        return sorted(self.human.glob("*.jsonl.xz"))


def digest_of(parts: Sequence[str]) -> str:
    return blake2b("\n".join(parts).encode(), digest_size=12).hexdigest()


def measure_material(
    bundle: Path, second: dict[int, Path], texts: str, found: Callable[[], list[Example]], cache: Path
) -> Measured:
    """Every example measured with the bundle's language model and its fold's second reader, on all cores.

    `second` holds a folder per fold; `texts` names the examples. The result is kept in `cache`.
    """
    models = [bundle / name for name in (MODEL, TOKENIZER, LEXICON)]
    models += [folder / name for folder in second.values() for name in FILES]
    sums = [checksum(path) for path in models]
    digest = digest_of([SURFACE, *FUSED, *PASSAGE_FEATURES, *map(str, second), texts, *sums])
    kept = cache / f"measured-{digest}.npz"
    if not kept.exists():
        _measured(found(), bundle, second).save(kept)
    return Measured.load(kept)


def _measured(found: list[Example], bundle: Path, second: dict[int, Path]) -> Measured:
    by_fold = sorted(found, key=lambda example: example.fold)
    batches = [batch for fold in second for batch in _batches([e for e in by_fold if e.fold == fold])]
    with ProcessPoolExecutor(initializer=_open, initargs=(bundle, second)) as pool:
        done = pool.map(_measure, batches)
        bar = track(done, "measuring", total=len(batches), console=Console(stderr=True))
        return joined([one for batch in bar for one in batch])


def _batches(examples: list[Example]) -> Iterator[list[Example]]:
    return (examples[at : at + BATCH] for at in range(0, len(examples), BATCH))


_scorers: list[tuple[OnnxScorer, Lexicon]] = []
_readers: dict[int, SecondReader] = {}
"""What a worker process opened."""


def _open(bundle: Path, second: dict[int, Path]) -> None:
    scorer = OnnxScorer(bundle / MODEL, bundle / TOKENIZER, scorer_identity(bundle), threads=1)
    _scorers.append((scorer, Lexicon(np.load(bundle / LEXICON, mmap_mode="r"))))
    for fold, folder in second.items():
        sums = {name: checksum(folder / name) for name in FILES}
        _readers[fold] = open_reader(folder, encoder_identity(sums), threads=1)


def _measure(batch: list[Example]) -> list[Measured]:
    return measure_all(batch, *_scorers[0], _readers[batch[0].fold])


def scorer_identity(bundle: Path) -> str:
    return identity({name: checksum(bundle / name) for name in (MODEL, TOKENIZER)})
