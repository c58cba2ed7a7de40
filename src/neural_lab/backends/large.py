"""Large models by name: what composition calls, importable without PyTorch."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.util import find_spec
from typing import TYPE_CHECKING

from neural_lab.backends.hub import located
from neural_lab.errors import ModelUnavailable

if TYPE_CHECKING:
    from neural_lab.backends.torch_encoder import TorchEncoder
    from neural_lab.backends.torch_scorer import TorchScorer
    from neural_lab.ports import Cache

NEEDED = ("torch", "transformers", "safetensors")


@dataclass(frozen=True, slots=True)
class Large:
    """A model: a folder, or a name of the hub with a `revision`; and where and how precisely it computes.

    `device` and `dtype` are those of `torch_device`, `checksums` those of `opened_folder`.
    Nothing is fetched. `threads`, of the whole process, are PyTorch's choice unless given.
    """

    source: str
    revision: str | None = None
    device: str = "auto"
    dtype: str = "auto"
    checksums: Mapping[str, str] | None = None
    threads: int | None = None


def open_scorer(
    model: Large,
    limit: int | None = None,
    context: int | None = None,
    cache: Cache | None = None,
    secret: bytes = b"",
) -> TorchScorer:
    """A causal language model; `limit` and `context` are those of `TorchScorer`.

    Windows that it has read are kept in `cache`, under keys that need `secret`.
    Raises `ModelUnavailable` and `InvalidRequest`.
    """
    _prepare(model.threads)
    from neural_lab.backends.torch_model import causal_model
    from neural_lab.backends.torch_scorer import TorchScorer

    folder = located(model.source, model.revision)
    scorer = TorchScorer(causal_model(folder, model.device, model.dtype, model.checksums), limit, context)
    if cache is not None:
        scorer.keep_in(cache, secret)
    return scorer


def open_encoder(model: Large, limit: int | None = None) -> TorchEncoder:
    """An encoder; `limit` is that of `TorchEncoder`. Raises `ModelUnavailable` and `InvalidRequest`."""
    _prepare(model.threads)
    from neural_lab.backends.torch_encoder import TorchEncoder
    from neural_lab.backends.torch_model import encoder_model

    folder = located(model.source, model.revision)
    return TorchEncoder(encoder_model(folder, model.device, model.dtype, model.checksums), limit)


def _prepare(threads: int | None) -> None:
    missing = [name for name in NEEDED if find_spec(name) is None]
    if missing:
        message = f"{missing[0]} is not installed: pip install 'neural-lab[torch]'."
        raise ModelUnavailable("no_torch", message)
    # Before the import, as in `hub`: nothing is told to anybody.
    os.environ.setdefault("HF_HUB_DISABLE_TELEMETRY", "1")
    if threads is not None:
        import torch

        torch.set_num_threads(threads)
