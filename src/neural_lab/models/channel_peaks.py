"""How large what a model multiplies becomes, channel by channel, so that no channel drowns the others."""

from collections.abc import Mapping
from functools import partial
from hashlib import blake2b
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from transformers.pytorch_utils import Conv1D

Array = NDArray[np.float32]
Peaks = Mapping[bytes, Array]
"""By the digest of a matrix `[out, in]`: the largest size of each of its inputs, `[in]`."""
SMALLEST = 1e-3
"""Of the largest peak: what lies below is treated as if it reached there."""


def peaks(module: nn.Module, rows: list[list[int]]) -> dict[bytes, Array]:
    """Of all matrices of `module` while it reads `rows` of tokens."""
    found: dict[nn.Module, Tensor] = {}
    layers = [layer for layer in module.modules() if isinstance(layer, nn.Linear | Conv1D)]
    hooks = [layer.register_forward_pre_hook(partial(_note, found)) for layer in layers]
    try:
        with torch.inference_mode():
            for row in rows:
                module(input_ids=torch.tensor([row]))
    finally:
        for hook in hooks:
            hook.remove()
    return _by_digest(found)


def balance(largest: Array, weight: Array) -> Array:
    """`[in]`: what to divide inputs of these `largest` sizes by and to multiply `weight` `[out, in]` with,
    so that both spread evenly over their channels (SmoothQuant, Xiao et al. 2023, with alpha 0.5)."""
    found: Array = np.sqrt(_lifted(largest) / _lifted(np.abs(weight).max(axis=0)))
    return found.astype(np.float32)


def digest(weight: NDArray[Any]) -> bytes:
    """Names a matrix by its numbers: an exporter gives it another name."""
    return blake2b(np.ascontiguousarray(weight, dtype=np.float32).tobytes(), digest_size=16).digest()


def _note(found: dict[nn.Module, Tensor], layer: nn.Module, inputs: tuple[Tensor, ...]) -> None:
    size = inputs[0].abs().flatten(0, -2).amax(dim=0)
    found[layer] = torch.maximum(found[layer], size) if layer in found else size


def _by_digest(found: Mapping[nn.Module, Tensor]) -> dict[bytes, Array]:
    named: dict[bytes, Array] = {}
    for layer, size in found.items():
        weight = layer.weight.T if isinstance(layer, Conv1D) else layer.weight
        key = digest(weight.detach().numpy())
        named[key] = np.maximum(named[key], size.numpy()) if key in named else size.numpy()
    return named


def _lifted(sizes: Array) -> Array:
    lifted: Array = np.maximum(sizes, max(SMALLEST * float(sizes.max()), 1e-12))
    return lifted
