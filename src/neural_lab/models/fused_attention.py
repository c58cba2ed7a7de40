"""Attention as the one node that ONNX Runtime has for it, put in while a model is traced."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

import torch
from torch import Tensor
from transformers import AttentionInterface
from transformers.integrations.sdpa_attention import repeat_kv

FUSED = "neural_lab_fused"
NODE = "com.microsoft::MultiHeadAttention"
PLAIN = ("position_ids", "cache_position", "use_cache", "output_attentions", "output_hidden_states")
"""What attention is told and does not answer by."""

_limit: ContextVar[int] = ContextVar("limit")


class NotFusable(Exception):
    """The model attends in a way that the node does not know."""


@contextmanager
def fused_up_to(limit: int) -> Iterator[None]:
    """While a model is traced that reads at most `limit` tokens."""
    AttentionInterface.register(FUSED, _attend)
    token = _limit.set(limit)
    try:
        yield
    finally:
        _limit.reset(token)


def _attend(
    module: Any, query: Tensor, key: Tensor, value: Tensor, mask: Tensor | None, **options: Any
) -> tuple[Tensor, None]:
    """`[1, length, heads, width]` from `[1, heads, length, width]`; raises `NotFusable`."""
    scale = options.pop("scaling", None)
    causal = getattr(module, "is_causal", None)
    if mask is not None or causal is None or not _known(options) or query.shape[-1] != value.shape[-1]:
        raise NotFusable
    heads, width = query.shape[1], query.shape[-1]
    flat = [_flat(each, heads) for each in (query, key, value)]
    attributes = {
        "num_heads": heads,
        "unidirectional": int(causal),
        "scale": float(width**-0.5 if scale is None else scale),
    }
    found = torch.onnx.ops.symbolic(NODE, flat, attributes, dtype=query.dtype, shape=flat[0].shape, version=1)
    return found.reshape(1, -1, heads, width), None


def _flat(states: Tensor, heads: int) -> Tensor:
    every = repeat_kv(states, heads // states.shape[1])
    return every.transpose(1, 2).reshape(1, -1, heads * states.shape[-1])


def _known(options: dict[str, Any]) -> bool:
    """A window as long as all that is read at once is none."""
    window = options.pop("sliding_window", None)
    dropped = options.pop("dropout", 0.0)
    rest = {name for name, value in options.items() if value is not None and name not in PLAIN}
    return (window is None or window > _limit.get()) and not dropped and not rest
