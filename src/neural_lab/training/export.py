"""A trained language model as an ONNX graph that answers with columns, never with logits."""

from pathlib import Path

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import TensorProto, helper

from neural_lab.models.graph import Graph

CONTRIB = "com.microsoft"
EPSILON = 1e-7

Weights = dict[str, NDArray[np.float32]]


def export(weights: Weights, heads: int, context: int, path: Path, *, int8: bool) -> None:
    """Write the scorer graph.

    Input `ids` `[1, length + 1]`: a context token and the `length` tokens to
    score. Outputs, each `[length]`, nats, reduced in fp32: `logprob` of each
    token given those before it, `entropy` and `variance` (of the log-probability)
    of the distribution it was drawn from, its `rank` in that distribution (0 is
    the likeliest); and `hidden` `[length, width]`, the last states before the head.
    """
    graph = Graph(int8)
    ids, targets = _context_and_targets(graph)
    x = _norm(graph, _embed(graph, ids, weights["embedding.weight"]))
    tables = _rotary_tables(graph, weights["embedding.weight"].shape[1] // heads, context)
    for layer in range(_layers(weights)):
        x = _block(graph, x, weights, f"blocks.{layer}", heads, tables)
    hidden = graph.op("Squeeze", _norm(graph, x), graph.axes(0))
    logits = _head(graph, hidden, weights["embedding.weight"])
    outputs = _reductions(graph, logits, targets) | {"hidden": hidden}
    onnx.save(_finish(graph, outputs), path)


def _layers(weights: Weights) -> int:
    return len({name.split(".")[1] for name in weights if name.startswith("blocks.")})


def _context_and_targets(graph: Graph) -> tuple[str, str]:
    context = graph.op("Slice", "ids", graph.axes(0), graph.axes(-1), graph.axes(1))
    targets = graph.op("Slice", "ids", graph.axes(1), graph.axes(2**31), graph.axes(1))
    return context, graph.op("Transpose", targets, perm=[1, 0])


def _embed(graph: Graph, ids: str, weight: NDArray[np.float32]) -> str:
    """Token vectors; int8 graphs share the head's codes, so the table is stored once."""
    if not graph.int8:
        return graph.op("Gather", graph.constant("embedding", weight), ids)
    codes, scale = graph.quantised("head", weight, transpose=False)
    scales = graph.op("Unsqueeze", graph.op("Gather", scale, ids), graph.axes(-1))
    rows = graph.op("Cast", graph.op("Gather", codes, ids), to=TensorProto.FLOAT)
    return graph.op("Mul", rows, scales)


def _head(graph: Graph, hidden: str, weight: NDArray[np.float32]) -> str:
    """Logits. The shared table lies as an embedding reads it; a session turns it once, when it is opened."""
    if not graph.int8:
        return graph.linear(hidden, "head", weight)
    codes, scale = graph.quantised("head", weight, transpose=False)
    return graph.product(hidden, graph.op("Transpose", codes, perm=[1, 0]), scale)


def _norm(graph: Graph, x: str) -> str:
    mean = graph.op("ReduceMean", graph.op("Mul", x, x), graph.axes(-1), keepdims=1)
    return graph.op("Div", x, graph.op("Sqrt", graph.op("Add", mean, graph.scalar(EPSILON))))


def _rotary_tables(graph: Graph, width: int, context: int) -> tuple[str, str]:
    angles = np.outer(np.arange(context), 10_000.0 ** (-np.arange(0, width, 2) / width)).astype(np.float32)
    return graph.constant("cos", np.cos(angles)), graph.constant("sin", np.sin(angles))


def _block(graph: Graph, x: str, weights: Weights, name: str, heads: int, tables: tuple[str, str]) -> str:
    attended = _attention(graph, _norm(graph, x), weights, f"{name}.attention", heads, tables)
    x = graph.op("Add", x, attended)
    up = graph.op("Relu", graph.linear(_norm(graph, x), f"{name}.up", weights[f"{name}.up.weight"]))
    down = graph.linear(graph.op("Mul", up, up), f"{name}.down", weights[f"{name}.down.weight"])
    return graph.op("Add", x, down)


def _attention(graph: Graph, x: str, weights: Weights, name: str, heads: int, tables: tuple[str, str]) -> str:
    width = weights[f"{name}.out.weight"].shape[0]
    qkv = graph.linear(x, f"{name}.qkv", weights[f"{name}.qkv.weight"])
    both = graph.op("Split", qkv, graph.axes(2 * width, width), outputs=2, axis=-1)
    turned = _turned(graph, both, 2 * heads, tables)
    q = graph.op("Split", turned, graph.axes(width, width), outputs=2, axis=-1)
    inputs = (q, f"{q}_1", f"{both}_1")
    attended = graph.op("MultiHeadAttention", *inputs, domain=CONTRIB, num_heads=heads, unidirectional=1)
    return graph.linear(attended, f"{name}.out", weights[f"{name}.out.weight"])


def _turned(graph: Graph, x: str, heads: int, tables: tuple[str, str]) -> str:
    """Normalise each head of `[1, length, width]`, then turn it by its position."""
    split = graph.op("Reshape", x, graph.axes(0, 0, heads, -1))
    joined = graph.op("Reshape", _norm(graph, split), graph.axes(0, 0, -1))
    return graph.op("RotaryEmbedding", joined, graph.axes(0), *tables, domain=CONTRIB, interleaved=0)


def _reductions(graph: Graph, logits: str, targets: str) -> dict[str, str]:
    """One pass over the vocabulary: with l = log p, entropy is -Σ p·l and variance Σ p·l² - (Σ p·l)²."""
    logp = graph.op("LogSoftmax", logits, axis=-1)
    weighted = graph.op("Mul", graph.op("Exp", logp), logp)
    mean = graph.op("ReduceSum", weighted, graph.axes(-1), keepdims=0)
    square = graph.op("ReduceSum", graph.op("Mul", weighted, logp), graph.axes(-1), keepdims=0)
    own = graph.op("GatherElements", logp, targets, axis=1)
    better = graph.op("Cast", graph.op("Greater", logp, own), to=TensorProto.FLOAT)
    return {
        "logprob": graph.op("Squeeze", own, graph.axes(-1)),
        "entropy": graph.op("Neg", mean),
        "variance": graph.op("Sub", square, graph.op("Mul", mean, mean)),
        "rank": graph.op("ReduceSum", better, graph.axes(-1), keepdims=0),
    }


def _finish(graph: Graph, outputs: dict[str, str]) -> onnx.ModelProto:
    for name, value in outputs.items():
        graph.nodes.append(helper.make_node("Identity", [value], [name]))
    infos = [
        helper.make_tensor_value_info(
            name, TensorProto.FLOAT, ["length", "width"] if name == "hidden" else ["length"]
        )
        for name in outputs
    ]
    ids = helper.make_tensor_value_info("ids", TensorProto.INT64, [1, "tokens"])
    return graph.model([ids], infos)
