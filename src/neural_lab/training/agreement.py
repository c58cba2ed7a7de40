"""Whether a detector says the same in another precision than it was calibrated in."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np

from neural_lab.backends.bundle import Bundle, note_agreement
from neural_lab.backends.referred import AGREEMENT
from neural_lab.compose import open_lab
from neural_lab.detectors.bundles import require_loose
from neural_lab.errors import InvalidRequest
from neural_lab.report.progress import watched
from neural_lab.settings import AUTO, Computing, computing, read_computing
from neural_lab.training.dataset import UNLABELLED, Columns, read_dataset
from neural_lab.training.detection import seeded_hash
from neural_lab.training.robustness import SEED
from neural_lab.types import Document, Floats

FEWEST = 50


@dataclass(frozen=True)
class Agreement:
    """How far probabilities of `texts` documents were apart in `dtype`, at the most and on average."""

    dtype: str
    calibrated: tuple[str, ...]
    texts: int
    largest: float
    mean: float
    limit: float

    @property
    def within(self) -> bool:
        return self.largest <= self.limit

    def as_dict(self) -> dict[str, Any]:
        return asdict(self) | {"within": self.within}

    def noted(self) -> dict[str, Any]:
        """What the manifest says of it."""
        return {name: getattr(self, name) for name in ("texts", "largest", "mean", "limit")}


def measure_agreement(bundle: Path, data: Sequence[Path], column: str, dtype: str, most: int) -> Agreement:
    """Read the same texts in both precisions, and note in the manifest whether they agree.

    Raises `InvalidRequest` for a bundle that has no such model, or too few texts, and
    `ModelUnavailable`.
    """
    require_loose(bundle)
    calibrated, device = _calibrated(bundle, dtype), read_computing().device
    chosen = _chosen(data, column, most)
    known = {
        name: noted for name, noted in Bundle(bundle).manifest.get("agrees", {}).items() if name != dtype
    }
    # First, so that nothing is left to be believed where a model cannot compute in `dtype` at all.
    note_agreement(bundle, known)
    own = _probabilities(bundle, chosen, Computing(device), "Reading as calibrated")
    other = _probabilities(bundle, chosen, Computing(device, dtype, trial=True), f"Reading in {dtype}")
    apart = np.abs(own - other)
    found = Agreement(dtype, calibrated, len(chosen), float(apart.max()), float(apart.mean()), AGREEMENT)
    if found.within:
        note_agreement(bundle, known | {dtype: found.noted()})
    return found


def told(bundle: Path, found: Agreement) -> str:
    """The same in sentences."""
    measured = (
        f"In {found.dtype} the probabilities of {found.texts:,} texts were at most {found.largest:.4f} from "
        f"those in {' and '.join(found.calibrated)}, {found.mean:.4f} on average."
    )
    if found.within:
        return f"{measured}\n{bundle} may be used in both: set NEURAL_LAB_DTYPE={found.dtype}."
    return f"{measured}\nThat is over {found.limit:g}: {bundle} is bound to its own precision."


def _calibrated(bundle: Path, dtype: str) -> tuple[str, ...]:
    if computing({"dtype": dtype}).dtype == AUTO:
        raise InvalidRequest("dtype", "--dtype has to be float32, bfloat16 or float16.")
    models = Bundle(bundle).models.described.values()
    found = tuple(sorted({model.precision for model in models if model.on_torch}))
    if not found:
        message = f"No model of {bundle} is run by PyTorch: it computes in one precision everywhere."
        raise InvalidRequest("no_torch_model", message)
    if found == (dtype,):
        raise InvalidRequest("dtype", f"{bundle} was calibrated in {dtype}; name another precision.")
    return found


def _chosen(data: Sequence[Path], column: str, most: int) -> list[Document]:
    texts = {record.text for record in read_dataset(data, Columns(column, UNLABELLED))}
    if len(texts) < FEWEST:
        message = f"{FEWEST} different texts are needed at the least; there are {len(texts)}."
        raise InvalidRequest("too_few_texts", message)
    first = sorted(texts, key=lambda text: seeded_hash(text, SEED))[:most]
    return [Document(text) for text in first]


def _probabilities(bundle: Path, texts: Sequence[Document], how: Computing, doing: str) -> Floats:
    lab = open_lab(bundle, computing=how)
    target = lab.detector.targets[0]
    said = (lab.analyze(text, target).probability for text in texts)
    return np.array(list(watched(said, doing, len(texts))))
