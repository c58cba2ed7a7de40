"""The models of a bundle or of a training run, whatever runs them."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from functools import cached_property
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any

from neural_lab.backends.cached_encoder import CachedEncoder
from neural_lab.backends.cached_windows import CachedWindows
from neural_lab.backends.described import ENCODER, SCORER, Described, described
from neural_lab.backends.onnx_encoder import OnnxEncoder
from neural_lab.backends.onnx_scorer import OnnxScorer
from neural_lab.backends.second_files import ENCODER as ENCODER_FILE
from neural_lab.backends.second_files import ENCODER_TOKENIZER, HEAD, NGRAMS, encoder_identity, load_ngrams
from neural_lab.detect.encoded import Head
from neural_lab.second_reader import SecondReader
from neural_lab.settings import AUTO, Computing, read_computing

if TYPE_CHECKING:
    from neural_lab.backends.referred import Referred
    from neural_lab.ports import Cache, Encoder, TokenScorer

MANIFEST = "manifest.json"
MODEL, TOKENIZER = "scorer.onnx", "tokenizer.json"
OWN = {SCORER: (MODEL, TOKENIZER), ENCODER: (ENCODER_FILE, ENCODER_TOKENIZER)}
"""The files of a model that lies in the bundle."""


class Models:
    """The models in `folder`, as its manifest describes them; `sums` gives the checksum of a file by name.

    `computing` says where and how precisely PyTorch computes; by default the
    settings do.
    """

    def __init__(
        self,
        folder: Path,
        manifest: Mapping[str, Any],
        sums: Callable[[str], str],
        computing: Computing | None = None,
    ) -> None:
        self.folder, self._sums, self._computing = folder, sums, computing
        self.described = described(manifest)
        self._agrees: Mapping[str, Any] = manifest.get("agrees", {})

    def files(self, kind: str) -> tuple[str, ...]:
        """The names of the files of one model; none of one that the bundle only refers to."""
        model = self.described.get(kind)
        return () if model and model.on_torch else OWN[kind]

    @property
    def on_torch(self) -> bool:
        """Whether any of the models is run by PyTorch."""
        return any(model.on_torch for model in self.described.values())

    @cached_property
    def scorer_identity(self) -> str:
        """Names a language model by what its columns depend on, so that calibration cannot meet another.

        The device is no part of it.
        """
        model = self.described.get(SCORER)
        if model and model.on_torch:
            window = f"{model.context}+{model.limit - model.context}"
            return f"torch-{model.precision}:{model.digest[:32]}:{window}"
        weights, tokenizer = (self._sums(name)[:16] for name in OWN[SCORER])
        return f"onnx-{_precision(model)}:{weights}:{tokenizer}{_read_as(model)}"

    @cached_property
    def encoder_identity(self) -> str:
        """The same for an encoder with what was fitted with it."""
        model = self.described.get(ENCODER)
        fitted = {name: self._sums(name) for name in (*self.files(ENCODER), HEAD, NGRAMS)}
        if model and model.on_torch:
            parts = (model.digest, str(model.limit), *fitted.values())
            return f"torch-{model.precision}:{sha256(':'.join(parts).encode()).hexdigest()[:32]}"
        return encoder_identity(fitted, _precision(model)) + _read_as(model)

    def running(self, kind: str) -> str:
        """What names a described model in a cache: also device and precision as PyTorch runs it here.

        Nothing for one of the embedded kind, which its files name.
        """
        model = self.described.get(kind)
        if model is None:
            return ""
        named = self.scorer_identity if kind == SCORER else f"{model.digest}:{model.limit}{_read_as(model)}"
        return f"{self._how(model) if model.on_torch else f'{model.precision}:'}:{named}"

    def _how(self, model: Described) -> str:
        from neural_lab.backends.torch_device import device_named

        asked = self._computing or read_computing()
        precision = model.precision if asked.dtype == AUTO else asked.dtype
        return f"{precision}:{device_named(asked.device).type}"

    def scorer(
        self, threads: int | None = None, cache: Cache | None = None, secret: bytes = b""
    ) -> TokenScorer:
        """The language model; windows that it has read are kept in `cache`, under keys that need `secret`."""
        model = self.described.get(SCORER)
        if model and model.on_torch:
            return self._kept(model, threads).scorer(cache, secret)
        cached = None if cache is None else CachedWindows(cache, secret, self.scorer_identity)
        weights, tokenizer = (self.folder / name for name in OWN[SCORER])
        return OnnxScorer(weights, tokenizer, self.scorer_identity, threads, cached, **_reading(model))

    def encoder(self, threads: int | None = None) -> Encoder:
        model = self.described.get(ENCODER)
        if model and model.on_torch:
            return self._kept(model, threads).encoder()
        weights, tokenizer = (self.folder / name for name in OWN[ENCODER])
        return OnnxEncoder(weights, tokenizer, self.encoder_identity, threads, **_reading(model))

    def second(
        self, threads: int | None = None, cache: Cache | None = None, secret: bytes | None = None
    ) -> SecondReader:
        """The second reader; `cache` and `secret` are as in `CachedEncoder`. Raises `ModelUnavailable`."""
        head = Head.from_dict(json.loads((self.folder / HEAD).read_text("utf-8")))
        encoder = CachedEncoder(self.encoder(threads), cache, secret)
        return SecondReader(encoder, head, load_ngrams(self.folder / NGRAMS))

    def _kept(self, model: Described, threads: int | None) -> Referred:
        from neural_lab.backends.referred import Referred

        return Referred(self.folder, model, self._computing or read_computing(), self._agrees, threads)


def _precision(model: Described | None) -> str:
    return model.precision if model else "int8"


def _reading(model: Described | None) -> dict[str, Any]:
    """What an ONNX model that is not of the embedded kind has to be told."""
    return {"reading": model.reading} if model else {}


def _read_as(model: Described | None) -> str:
    """Part of an identity: the same weights, read otherwise, answer otherwise."""
    if model is None:
        return ""
    return f":{sha256(json.dumps(model.reading, sort_keys=True).encode()).hexdigest()[:16]}"
