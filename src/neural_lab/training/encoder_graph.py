"""A passage encoder as an ONNX graph that answers with its last states; the head stays outside."""

from pathlib import Path

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import TensorProto, helper

from neural_lab.models.graph import CONTRIB, Graph

EPSILON = 1e-12

Weights = dict[str, NDArray[np.float32]]


def export_encoder(weights: Weights, heads: int, path: Path, *, int8: bool) -> None:
    """Write the encoder graph for the `state_dict` of a `PassageEncoder`.

    Input `ids` `[1, length]`: one passage, unpadded; `length` is at most the
    number of rows of `places.weight`. Output `hidden` `[length, width]`, fp32.
    """
    graph = Graph(int8)
    x = _norm(graph, _embed(graph, weights), weights, "norm")
    for layer in range(_layers(weights)):
        x = _layer(graph, x, weights, f"layers.{layer}", heads)
    graph.nodes.append(helper.make_node("Squeeze", [x, graph.axes(0)], ["hidden"]))
    ids = helper.make_tensor_value_info("ids", TensorProto.INT64, [1, "length"])
    width = len(weights["norm.weight"])
    hidden = helper.make_tensor_value_info("hidden", TensorProto.FLOAT, ["length", width])
    onnx.save(graph.model([ids], [hidden]), path)


def _layers(weights: Weights) -> int:
    return len({name.split(".")[1] for name in weights if name.startswith("layers.")})


def _embed(graph: Graph, weights: Weights) -> str:
    """Word plus place vectors `[1, length, width]`."""
    length = graph.op("Shape", "ids", start=1)
    places = graph.constant("places", weights["places.weight"])
    here = graph.op("Slice", places, graph.axes(0), length, graph.axes(0))
    return graph.op("Add", _words(graph, weights["words.weight"]), here)


def _words(graph: Graph, weight: NDArray[np.float32]) -> str:
    if not graph.int8:
        return graph.op("Gather", graph.constant("words", weight), "ids")
    codes, scale = graph.quantised("words", weight, transpose=False)
    scales = graph.op("Unsqueeze", graph.op("Gather", scale, "ids"), graph.axes(-1))
    rows = graph.op("Cast", graph.op("Gather", codes, "ids"), to=TensorProto.FLOAT)
    return graph.op("Mul", rows, scales)


def _layer(graph: Graph, x: str, weights: Weights, name: str, heads: int) -> str:
    attended = _attention(graph, x, weights, name, heads)
    x = _norm(graph, graph.op("Add", x, attended), weights, f"{name}.norm1")
    up = graph.op("Gelu", _linear(graph, x, weights, f"{name}.up"))
    down = _linear(graph, up, weights, f"{name}.down")
    return _norm(graph, graph.op("Add", x, down), weights, f"{name}.norm2")


def _attention(graph: Graph, x: str, weights: Weights, name: str, heads: int) -> str:
    """Every token attends to every other: a passage is alone in its run, so nothing is masked."""
    width = len(weights[f"{name}.out.weight"])
    qkv = _linear(graph, x, weights, f"{name}.qkv")
    q = graph.op("Split", qkv, graph.axes(*[width] * 3), outputs=3, axis=-1)
    attended = graph.op("MultiHeadAttention", q, f"{q}_1", f"{q}_2", domain=CONTRIB, num_heads=heads)
    return _linear(graph, attended, weights, f"{name}.out")


def _linear(graph: Graph, x: str, weights: Weights, name: str) -> str:
    product = graph.linear(x, name, weights[f"{name}.weight"])
    return graph.op("Add", product, graph.constant(f"{name}.bias", weights[f"{name}.bias"]))


def _norm(graph: Graph, x: str, weights: Weights, name: str) -> str:
    parts = [graph.constant(f"{name}.{part}", weights[f"{name}.{part}"]) for part in ("weight", "bias")]
    return graph.op("LayerNormalization", x, *parts, axis=-1, epsilon=EPSILON)
