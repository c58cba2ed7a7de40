"""The body of a transformer, from tokens to last states, traced by PyTorch into nodes of ONNX."""

import logging
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import torch
from onnx_ir import Model
from torch import Tensor, nn

from neural_lab.models.fused_attention import FUSED, NotFusable, fused_up_to

OPSET = 20
TANH_GELUS = ("NewGELUActivation", "GELUTanh", "FastGELUActivation")
"""The same function written out in other ways, which one node computes."""
EXPORTER = "torch.onnx"


class _States(nn.Module):
    """Of the one text of a run the last states `[length, width]`."""

    def __init__(self, body: Any, options: dict[str, bool]) -> None:
        super().__init__()
        self.body, self._options = body, options

    def forward(self, ids: Tensor) -> Tensor:
        states: Tensor = self.body(input_ids=ids, **self._options)[0][0]
        return states


def traced(body: Any, name: str, limit: int, *, causal: bool) -> Model:
    """The graph of `body`, in eval mode and fp32: input `name` `[1, length]`, output `hidden`.

    `length` is at most `limit`. Attention becomes one node where all that the model
    does there is known, else it is traced as it is. Whatever PyTorch raises is passed on.
    """
    states = _States(body, {"use_cache": False} if causal else {}).eval()
    ids = torch.arange(4, min(limit, 16))[None]
    with _one_node_gelu(body), fused_up_to(limit):
        how = FUSED if _fusable(states, ids) else body.config._attn_implementation
        with _attending(body.config, how):
            return _exported(states, ids, name, limit)


def _fusable(states: _States, ids: Tensor) -> bool:
    """Tried outside the exporter, which would make an error of its own of it."""
    try:
        with _attending(states.body.config, FUSED), torch.inference_mode():
            states(ids)
    except NotFusable:
        return False
    return True


def _exported(states: nn.Module, ids: Tensor, name: str, limit: int) -> Model:
    length = torch.export.Dim("length", min=2, max=limit)
    with _quiet():
        program = torch.onnx.export(
            states,
            (ids,),
            dynamo=True,
            dynamic_shapes={"ids": {1: length}},
            input_names=[name],
            output_names=["hidden"],
            opset_version=OPSET,
            verbose=False,
        )
    model: Model = program.model
    return model


@contextmanager
def _attending(config: Any, how: str) -> Iterator[None]:
    before = config._attn_implementation
    config._attn_implementation = how
    try:
        yield
    finally:
        config._attn_implementation = before


@contextmanager
def _one_node_gelu(body: nn.Module) -> Iterator[None]:
    changed = [
        (parent, name, child)
        for parent in body.modules()
        for name, child in parent.named_children()
        if type(child).__name__ in TANH_GELUS
    ]
    for parent, name, _ in changed:
        setattr(parent, name, nn.GELU(approximate="tanh"))
    try:
        yield
    finally:
        for parent, name, child in changed:
            setattr(parent, name, child)


@contextmanager
def _quiet() -> Iterator[None]:
    """The exporter would report on its own state."""
    logger = logging.getLogger(EXPORTER)
    level = logger.level
    logger.setLevel(logging.ERROR)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    finally:
        logger.setLevel(level)
