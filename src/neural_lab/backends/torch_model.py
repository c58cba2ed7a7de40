"""Models of transformers, opened from safetensors in the precision they will compute in."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from transformers import AutoConfig, AutoModel, AutoModelForCausalLM
from transformers.utils import logging

from neural_lab.backends.failures import loading
from neural_lab.backends.fast_tokenizer import FastTokenizer, opened_tokenizer
from neural_lab.backends.model_folder import ModelFolder, opened_folder
from neural_lab.backends.torch_device import AUTO, device_named, dtype_named
from neural_lab.errors import ModelUnavailable

UNUSED = ("pooler.", "lm_head.", "cls.")
"""Heads that an encoder is read without: that weights lack them does no harm."""


@dataclass(frozen=True)
class TorchModel:
    """`module` is an eval-mode model of transformers on `device`, and `tokenizer` its own."""

    module: Any
    tokenizer: FastTokenizer
    folder: ModelFolder
    device: torch.device
    dtype: torch.dtype

    @property
    def identity(self) -> str:
        """Names weights, tokenizer, precision and kind of device; not the folder, which may move."""
        precision = str(self.dtype).removeprefix("torch.")
        return f"torch-{precision}-{self.device.type}:{self.folder.digest[:32]}"


def causal_model(
    folder: Path, device: str = AUTO, dtype: str = AUTO, checksums: Mapping[str, str] | None = None
) -> TorchModel:
    """A causal language model. Raises `ModelUnavailable`, and `InvalidRequest` for device and dtype."""
    opened = opened_folder(folder, checksums)
    model = _opened(AutoModelForCausalLM, opened, device, dtype, "language model")
    # No token here is padding, which transformers would look for in every run.
    model.module.config.pad_token_id = None
    return model


def encoder_model(
    folder: Path, device: str = AUTO, dtype: str = AUTO, checksums: Mapping[str, str] | None = None
) -> TorchModel:
    """A model that reads in both directions, without a head; raises as `causal_model`."""
    return _opened(AutoModel, opened_folder(folder, checksums), device, dtype, "encoder")


def _opened(kind: Any, folder: ModelFolder, device: str, dtype: str, what: str) -> TorchModel:
    place = device_named(device)
    config = _config(folder)
    precision = dtype_named(place, dtype, _native(config))
    tokenizer = opened_tokenizer(folder, what)
    module = _placed(_module(kind, folder, config, precision, what), place)
    _check_vocabulary(module, tokenizer, folder)
    return TorchModel(module, tokenizer, folder, place, precision)


def _config(folder: ModelFolder) -> Any:
    try:
        with _quiet():
            found = AutoConfig.from_pretrained(folder.folder, local_files_only=True, trust_remote_code=False)
    except (ValueError, KeyError) as error:
        message = (
            f"The installed transformers does not know the kind of model in {folder.folder}, and Neural Lab "
            "runs no code that comes with a model; choose another, or update transformers."
        )
        raise ModelUnavailable("unknown_architecture", message) from error
    # A configuration may name another file of weights, which no checksum was taken of.
    found.transformers_weights = None
    return found


def _native(config: Any) -> torch.dtype | None:
    """What the weights were saved in, as the configuration says."""
    named = getattr(config, "dtype", None)
    found = getattr(torch, named, None) if isinstance(named, str) else named
    return found if isinstance(found, torch.dtype) else None


def _module(kind: Any, folder: ModelFolder, config: Any, dtype: torch.dtype, what: str) -> Any:
    """Each tensor goes from the file to its place in `dtype`: the weights never exist twice."""
    with loading(folder.folder, what), _quiet():
        module, report = kind.from_pretrained(
            folder.folder,
            config=config,
            dtype=dtype,
            use_safetensors=True,
            local_files_only=True,
            trust_remote_code=False,
            output_loading_info=True,
        )
    lacking = [
        name for name in report["missing_keys"] if kind is not AutoModel or not name.startswith(UNUSED)
    ]
    if lacking:
        # Transformers would fill them with random numbers.
        message = f"The weights in {folder.folder} lack {sorted(lacking)[0]}: they are not those of a {what}."
        raise ModelUnavailable("incomplete_weights", message)
    return module.eval().requires_grad_(False)


def _placed(module: Any, device: torch.device) -> Any:
    try:
        return module.to(device)
    except torch.OutOfMemoryError:
        message = f"The model does not fit into the memory of {device}; choose dtype float16 or device cpu."
        raise ModelUnavailable("out_of_memory", message) from None


def _check_vocabulary(module: Any, tokenizer: FastTokenizer, folder: ModelFolder) -> None:
    """A number beyond the table would be an error in every text, on CUDA one that ends the process."""
    known = module.get_input_embeddings().weight.shape[0]
    if tokenizer.size > known:
        message = f"The tokenizer in {folder.folder} has {tokenizer.size} tokens, the model {known}."
        raise ModelUnavailable("other_tokenizer", f"{message} They do not belong together.")


@contextmanager
def _quiet() -> Iterator[None]:
    """Transformers would draw bars and print reports while it loads; what is wrong is raised here."""
    level, bars = logging.get_verbosity(), logging.is_progress_bar_enabled()
    logging.set_verbosity(logging.CRITICAL)
    logging.disable_progress_bar()
    try:
        yield
    finally:
        logging.set_verbosity(level)
        if bars:
            logging.enable_progress_bar()
