"""A detector bundle: a folder of plain files, a manifest, and a checksum for each."""

import json
from collections.abc import Mapping
from hashlib import file_digest
from pathlib import Path
from typing import Any

import numpy as np

from neural_lab.backends.bundle_models import MANIFEST as MANIFEST
from neural_lab.backends.bundle_models import MODEL as MODEL
from neural_lab.backends.bundle_models import OWN, Models
from neural_lab.backends.bundle_models import TOKENIZER as TOKENIZER
from neural_lab.backends.described import Described, described
from neural_lab.backends.onnx_ensemble import OnnxEnsemble
from neural_lab.backends.second_files import FILES as SECOND
from neural_lab.detect.detector import Detector
from neural_lab.detect.distributions import Distributions
from neural_lab.detect.lexicon import Lexicon
from neural_lab.errors import ModelUnavailable
from neural_lab.files import replacing
from neural_lab.ports import Cache, TokenScorer
from neural_lab.second_reader import SecondReader
from neural_lab.settings import Computing

SCHEMA, WITH_MODELS = 2, 3
"""Of manifests; that of a bundle with models of another kind than the embedded ones is the higher one."""
INSTALLED = Path(__file__).parents[1] / "bundles" / "embedded"
DETECTOR = "detector.json"
LEXICON, ENSEMBLE = "lexicon.npy", "ensemble.onnx"
FILES = (DETECTOR, MODEL, TOKENIZER, LEXICON, *SECOND, ENSEMBLE)
"""Of a bundle with models of the embedded kind."""
DISTRIBUTIONS = "distributions.json"
FURTHER = (DISTRIBUTIONS,)
"""Files that a bundle may lack, since no report depends on them."""
KEPT = ("models", "agrees")
"""What a manifest says beside its files."""


class Bundle:
    """A verified bundle. Raises `ModelUnavailable` when a file is missing, altered or of another schema.

    `computing` says where and how precisely PyTorch computes; by default the settings do.
    """

    def __init__(self, folder: Path, computing: Computing | None = None) -> None:
        self.folder = folder
        self.manifest = _verified(folder)
        self.models = Models(folder, self.manifest, self.manifest["files"].__getitem__, computing)

    def detector(self) -> Detector:
        """The fitted part; it refuses a language model other than the one it was fitted on."""
        detector = Detector.from_dict(self._json(DETECTOR))
        if detector.scorer != self.models.scorer_identity:
            raise ModelUnavailable("other_scorer", f"{self.folder} was fitted on another language model.")
        if detector.encoder != self.models.encoder_identity:
            raise ModelUnavailable("other_encoder", f"{self.folder} was fitted on another encoder.")
        return detector

    @property
    def files(self) -> dict[str, str]:
        """Checksums of the files that reports depend on, by name."""
        return {name: self.manifest["files"][name] for name in needed(self.models.described)}

    def distributions(self) -> Distributions | None:
        named = DISTRIBUTIONS in self.manifest["files"]
        return Distributions.from_dict(self._json(DISTRIBUTIONS)) if named else None

    def scorer(
        self, threads: int | None = None, cache: Cache | None = None, secret: bytes = b""
    ) -> TokenScorer:
        """The language model; windows that it has read are kept in `cache`, under keys that need `secret`."""
        return self.models.scorer(threads, cache, secret)

    def second(
        self, threads: int | None = None, cache: Cache | None = None, secret: bytes | None = None
    ) -> SecondReader:
        return self.models.second(threads, cache, secret)

    def ensemble(self) -> OnnxEnsemble:
        return OnnxEnsemble(self.folder / ENSEMBLE)

    def lexicon(self) -> Lexicon:
        """Memory-mapped: a look-up reads only the pages it touches."""
        return Lexicon(np.load(self.folder / LEXICON, mmap_mode="r", allow_pickle=False))

    def _json(self, name: str) -> Any:
        return json.loads((self.folder / name).read_text("utf-8"))


def needed(models: Mapping[str, Described]) -> tuple[str, ...]:
    """The files that reports depend on, of a bundle with these models."""
    missing = {name for kind, model in models.items() if model.on_torch for name in OWN[kind]}
    return tuple(name for name in FILES if name not in missing)


def checksum(path: Path) -> str:
    with path.open("rb") as file:
        return file_digest(file, "sha256").hexdigest()


def models_in(folder: Path, computing: Computing | None = None) -> Models:
    """The models in a folder of a training run, or in a bundle that is not finished; nothing is verified."""
    return Models(folder, _noted(folder), lambda name: checksum(folder / name), computing)


def describe(folder: Path, models: Mapping[str, Described]) -> None:
    """Say in an unfinished bundle what its models are, unless they are of the embedded kind."""
    if models:
        _write(folder, {"models": {kind: model.as_dict() for kind, model in models.items()}, "files": {}})


def seal(folder: Path) -> None:
    """Write the manifest of a finished bundle; what it says of its models stays."""
    known = _noted(folder)
    names = needed(described(known))
    names += tuple(name for name in FURTHER if (folder / name).exists())
    files = {name: checksum(folder / name) for name in names}
    _write(folder, {"files": files} | {name: known[name] for name in KEPT if known.get(name)})


def note_agreement(folder: Path, agrees: Mapping[str, Any]) -> None:
    """Say in the manifest of a finished bundle which precisions agree; its checksums stay as they are."""
    known = {name: value for name, value in _noted(folder).items() if name != "agrees"}
    _write(folder, known | ({"agrees": agrees} if agrees else {}))


def _noted(folder: Path) -> dict[str, Any]:
    path = folder / MANIFEST
    found: dict[str, Any] = json.loads(path.read_text("utf-8")) if path.exists() else {}
    return found


def _write(folder: Path, table: dict[str, Any]) -> None:
    schema = WITH_MODELS if "models" in table else SCHEMA
    # A service may open the bundle meanwhile.
    with replacing(folder / MANIFEST) as file:
        file.write(f"{json.dumps({'schema': schema} | table, indent=2)}\n".encode())


def _verified(folder: Path) -> dict[str, Any]:
    _require_there(folder)
    try:
        manifest: dict[str, Any] = json.loads((folder / MANIFEST).read_text("utf-8"))
        names = needed(described(manifest))
        named = (*names, *(name for name in FURTHER if name in manifest["files"]))
        wrong = [name for name in named if checksum(folder / name) != manifest["files"][name]]
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise ModelUnavailable(
            "no_bundle", f"There is no complete detector in {folder}; {_again(folder)}."
        ) from error
    expected = WITH_MODELS if "models" in manifest else SCHEMA
    if wrong or manifest.get("schema") != expected:
        damage = ", ".join(wrong) or MANIFEST
        raise ModelUnavailable(
            "damaged_bundle", f"{damage} in {folder} is not as it was made; {_again(folder)}."
        )
    return manifest


def _require_there(folder: Path) -> None:
    """A name that was mistyped is told apart from what is damaged."""
    if folder == INSTALLED or (folder / MANIFEST).exists():
        return
    if folder.is_dir():
        message = f"There is no complete detector in {folder}: it has no {MANIFEST}. Name another folder."
    else:
        message = f"There is no folder {folder}: name that of a detector, here or in NEURAL_LAB_BUNDLE."
    raise ModelUnavailable("no_bundle", message)


def _again(folder: Path) -> str:
    return "reinstall it" if folder == INSTALLED else "train or copy it again"
