"""A detector bundle: a folder of plain files, a manifest, and a checksum for each."""

import json
from hashlib import sha256
from pathlib import Path
from typing import Any

import numpy as np

from neural_lab.backends.cached_windows import CachedWindows
from neural_lab.backends.onnx_ensemble import OnnxEnsemble
from neural_lab.backends.onnx_scorer import OnnxScorer
from neural_lab.backends.second_files import FILES as SECOND
from neural_lab.backends.second_files import encoder_identity, open_reader
from neural_lab.detect.detector import Detector
from neural_lab.detect.distributions import Distributions
from neural_lab.detect.lexicon import Lexicon
from neural_lab.errors import ModelUnavailable
from neural_lab.ports import Cache
from neural_lab.second_reader import SecondReader

SCHEMA = 2
MANIFEST, DETECTOR = "manifest.json", "detector.json"
MODEL, TOKENIZER, LEXICON, ENSEMBLE = "scorer.onnx", "tokenizer.json", "lexicon.npy", "ensemble.onnx"
FILES = (DETECTOR, MODEL, TOKENIZER, LEXICON, *SECOND, ENSEMBLE)
DISTRIBUTIONS = "distributions.json"
FURTHER = (DISTRIBUTIONS,)
"""Files that a bundle may lack, since no report depends on them."""


class Bundle:
    """A verified bundle. Raises `ModelUnavailable` when a file is missing, altered or of another schema."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.manifest = _verified(folder)

    def detector(self) -> Detector:
        """The fitted part; it refuses a language model other than the one it was fitted on."""
        detector = Detector.from_dict(self._json(DETECTOR))
        if detector.scorer != self._scorer:
            raise ModelUnavailable("other_scorer", f"{self.folder} was fitted on another language model.")
        if detector.encoder != self._encoder:
            raise ModelUnavailable("other_encoder", f"{self.folder} was fitted on another encoder.")
        return detector

    @property
    def files(self) -> dict[str, str]:
        """Checksums of the files that reports depend on, by name."""
        return {name: self.manifest["files"][name] for name in FILES}

    def distributions(self) -> Distributions | None:
        named = DISTRIBUTIONS in self.manifest["files"]
        return Distributions.from_dict(self._json(DISTRIBUTIONS)) if named else None

    def scorer(
        self, threads: int | None = None, cache: Cache | None = None, secret: bytes = b""
    ) -> OnnxScorer:
        """The language model; windows that it has read are kept in `cache`, under keys that need `secret`."""
        cached = None if cache is None else CachedWindows(cache, secret, self._scorer)
        return OnnxScorer(self.folder / MODEL, self.folder / TOKENIZER, self._scorer, threads, cached)

    def second(
        self, threads: int | None = None, cache: Cache | None = None, secret: bytes | None = None
    ) -> SecondReader:
        return open_reader(self.folder, self._encoder, threads, cache, secret)

    def ensemble(self) -> OnnxEnsemble:
        return OnnxEnsemble(self.folder / ENSEMBLE)

    def lexicon(self) -> Lexicon:
        """Memory-mapped: a look-up reads only the pages it touches."""
        return Lexicon(np.load(self.folder / LEXICON, mmap_mode="r", allow_pickle=False))

    @property
    def _scorer(self) -> str:
        return identity(self.manifest["files"])

    @property
    def _encoder(self) -> str:
        return encoder_identity(self.manifest["files"])

    def _json(self, name: str) -> Any:
        return json.loads((self.folder / name).read_text("utf-8"))


def identity(checksums: dict[str, str]) -> str:
    """Names a language model by its weights and tokenizer, so that calibration cannot meet another."""
    return f"onnx-int8:{checksums[MODEL][:16]}:{checksums[TOKENIZER][:16]}"


def checksum(path: Path) -> str:
    return sha256(path.read_bytes()).hexdigest()


def seal(folder: Path) -> None:
    """Write the manifest of a finished bundle."""
    names = (*FILES, *(name for name in FURTHER if (folder / name).exists()))
    files = {name: checksum(folder / name) for name in names}
    text = json.dumps({"schema": SCHEMA, "files": files}, indent=2)
    (folder / MANIFEST).write_text(text + "\n", "utf-8")


def _verified(folder: Path) -> dict[str, Any]:
    try:
        manifest: dict[str, Any] = json.loads((folder / MANIFEST).read_text("utf-8"))
        named = (*FILES, *(name for name in FURTHER if name in manifest["files"]))
        wrong = [name for name in named if checksum(folder / name) != manifest["files"][name]]
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise ModelUnavailable(
            "no_bundle", f"There is no complete detector in {folder}; reinstall it."
        ) from error
    if wrong or manifest.get("schema") != SCHEMA:
        damage = ", ".join(wrong) or MANIFEST
        raise ModelUnavailable("damaged_bundle", f"{damage} in {folder} is not as published; reinstall it.")
    return manifest
