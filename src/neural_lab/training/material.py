"""Everything a detector is fitted on, measured once and kept."""

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import nullcontext
from dataclasses import dataclass
from functools import partial
from hashlib import blake2b
from pathlib import Path

import numpy as np
from rich.console import Console
from rich.progress import track

from neural_lab.backends.bundle import LEXICON, checksum, models_in
from neural_lab.backends.bundle_models import Models
from neural_lab.backends.described import ENCODER, SCORER
from neural_lab.backends.second_files import HEAD, NGRAMS
from neural_lab.detect.lexicon import Lexicon
from neural_lab.detect.passage_features import PASSAGE_FEATURES
from neural_lab.detect.signals import FUSED
from neural_lab.ports import TokenScorer
from neural_lab.second_reader import SecondReader
from neural_lab.settings import Computing
from neural_lab.training.corpus import read
from neural_lab.training.detection import Example, beginning, examples, reserved
from neural_lab.training.measure import measure_all
from neural_lab.training.measured import Measured, joined
from neural_lab.training.sources import Sources
from neural_lab.training.states import States

BATCH = 32
Part = tuple[Measured, States | None]
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
    bundle: Path,
    second: dict[int, Path],
    texts: str,
    found: Callable[[], list[Example]],
    cache: Path,
    computing: Computing | None = None,
) -> Measured:
    """Every example measured with the bundle's language model and its fold's second reader.

    `second` holds a folder per fold; `texts` names the examples. The result is kept in
    `cache`. Models of ONNX Runtime read on all cores, those of PyTorch in this process
    alone, where `computing` says.
    """
    return measure_states(bundle, second, texts, found, cache, computing)[0]


def measure_states(
    bundle: Path,
    second: dict[int, Path],
    texts: str,
    found: Callable[[], list[Example]],
    cache: Path,
    computing: Computing | None = None,
    *,
    states: bool = False,
) -> tuple[Measured, States | None]:
    """As `measure_material`; with `states`, what the encoder made of the passages too."""
    sums = _names(bundle, second, computing)
    digest = digest_of([SURFACE, *FUSED, *PASSAGE_FEATURES, *map(str, second), texts, *sums])
    kept, kept_states = (cache / f"{name}-{digest}.npz" for name in ("measured", "states"))
    if not kept.exists() or (states and not kept_states.exists()):
        measured, made = _measured(found(), bundle, second, computing, states=states)
        if made:
            made.save(kept_states)
        measured.save(kept)
    return Measured.load(kept), States.load(kept_states) if states else None


def _names(bundle: Path, second: dict[int, Path], computing: Computing | None) -> list[str]:
    """What was measured with: checksums of files, and the identities of models that are described."""
    first = models_in(bundle, computing)
    sums = [checksum(bundle / name) for name in (*first.files(SCORER), LEXICON)]
    sums.append(first.running(SCORER))
    for folder in second.values():
        models = models_in(folder, computing)
        sums += [checksum(folder / name) for name in (*models.files(ENCODER), HEAD, NGRAMS)]
        sums.append(models.running(ENCODER))
    return [each for each in sums if each]


def _measured(
    found: list[Example],
    bundle: Path,
    second: dict[int, Path],
    computing: Computing | None,
    *,
    states: bool,
) -> tuple[Measured, States | None]:
    by_fold = sorted(found, key=lambda example: example.fold)
    batches = [batch for fold in second for batch in _batches([e for e in by_fold if e.fold == fold])]
    opening, work = partial(_open, bundle, second, computing), partial(_measure, states=states)
    one = any(models_in(folder).on_torch for folder in (bundle, *second.values()))
    with nullcontext() if one else ProcessPoolExecutor(initializer=opening) as pool:
        # A second process would have the weights on the card a second time.
        done = _here(opening, work, batches) if pool is None else pool.map(work, batches)
        bar = track(done, "measuring", total=len(batches), console=Console(stderr=True))
        measured, made = zip(*(one for batch in bar for one in batch), strict=True)
    return joined(measured), States.joined(made) if states else None


def _batches(examples: list[Example]) -> Iterator[list[Example]]:
    return (examples[at : at + BATCH] for at in range(0, len(examples), BATCH))


def _here(
    opening: Callable[[], None],
    work: Callable[[list[Example]], list[Part]],
    batches: list[list[Example]],
) -> Iterator[list[Part]]:
    """In this process, which lets go of the models afterwards."""
    opening()
    try:
        yield from map(work, batches)
    finally:
        _scorers.clear()
        _readers.clear()


_scorers: list[tuple[TokenScorer, Lexicon]] = []
_readers: dict[int, SecondReader] = {}
"""What a worker process opened."""


def _open(bundle: Path, second: dict[int, Path], computing: Computing | None) -> None:
    first = models_in(bundle, computing)
    scorer = first.scorer(_threads(first))
    _scorers.append((scorer, Lexicon(np.load(bundle / LEXICON, mmap_mode="r"))))
    opened = {folder: models_in(folder, computing) for folder in second.values()}
    readers = {folder: models.second(_threads(models)) for folder, models in opened.items()}
    _readers.update((fold, readers[folder]) for fold, folder in second.items())


def _threads(models: Models) -> int | None:
    """One a process; PyTorch, which has one process, may use them all."""
    return None if models.on_torch else 1


def _measure(batch: list[Example], *, states: bool) -> list[Part]:
    parts = measure_all(batch, *_scorers[0], _readers[batch[0].fold])
    return [(measured, made if states else None) for measured, made in parts]
