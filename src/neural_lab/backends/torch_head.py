"""The last step of a causal language model: hidden states to logits, a part of the vocabulary at a time."""

from collections.abc import Iterator
from itertools import product
from typing import Any

import torch
from torch import Tensor
from torch.nn import functional

from neural_lab.errors import ModelUnavailable

SLACK = 32
"""Units in the last place that two ways of computing the same logits may differ by."""


class Head:
    """`scale * (hidden @ weight.T + bias)`, softly kept below `cap`; in fp32 whatever the model is in."""

    def __init__(self, layer: Any, scale: float = 1.0, cap: float | None = None) -> None:
        self.weight: Tensor = layer.weight
        self.bias: Tensor | None = getattr(layer, "bias", None)
        self.scale, self.cap = scale, cap
        self.size, self.width = self.weight.shape

    def logits(self, hidden: Tensor, start: int, end: int) -> Tensor:
        """`[rows, end - start]` for tokens `[start, end)` of the vocabulary."""
        bias = None if self.bias is None else self.bias[start:end]
        return self._finished(_product(hidden, self.weight[start:end]), bias)

    def chosen(self, hidden: Tensor, targets: Tensor) -> Tensor:
        """`[rows]`: of each row the logit of one token."""
        products = (hidden.float() * self.weight[targets].float()).sum(-1)
        return self._finished(products, None if self.bias is None else self.bias[targets])

    def _finished(self, logits: Tensor, bias: Tensor | None) -> Tensor:
        logits = logits if bias is None else logits.add_(bias)
        logits = logits if self.scale == 1 else logits.mul_(self.scale)
        return logits if self.cap is None else logits.div_(self.cap).tanh_().mul_(self.cap)


def head_of(model: Any, ids: Tensor) -> Head:
    """The head of a causal model of transformers: the one that gives the model's own logits for `ids`.

    Architectures scale and cap their logits under names of their own, so what the
    configuration offers is tried. Raises `ModelUnavailable` where nothing fits.
    """
    layer = model.get_output_embeddings()
    expected = model(input_ids=ids, use_cache=False).logits[0]
    hidden = model.base_model(input_ids=ids, use_cache=False)[0][0]
    for head in _candidates(layer, model.config) if hasattr(layer, "weight") else ():
        if head.size == expected.shape[-1] and _same(head.logits(hidden, 0, head.size), expected):
            return head
    message = f"Neural Lab cannot compute the logits of a {model.config.model_type} piece by piece."
    raise ModelUnavailable("unknown_head", message)


def _candidates(layer: Any, config: Any) -> Iterator[Head]:
    cap, scale, scaling = (
        getattr(config, name, None) for name in ("final_logit_softcapping", "logit_scale", "logits_scaling")
    )
    scales = [1.0, *(each for each in (scale, scaling) if each), *([1 / scaling] if scaling else [])]
    return (Head(layer, *each) for each in product(scales, dict.fromkeys((cap, None))))


def _same(found: Tensor, expected: Tensor) -> bool:
    slack = SLACK * torch.finfo(expected.dtype).eps * float(expected.abs().max())
    return bool(torch.allclose(found, expected.float(), rtol=0, atol=slack))


def _product(hidden: Tensor, weight: Tensor) -> Tensor:
    """`hidden @ weight.T` in fp32: half precision would round logits of 100 to sixteenths and worse."""
    if weight.is_cuda and torch.version.cuda and weight.dtype != torch.float32:
        return torch.mm(hidden, weight.T, out_dtype=torch.float32)
    return functional.linear(hidden.float(), weight.float())
