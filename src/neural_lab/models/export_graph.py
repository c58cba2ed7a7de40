"""Whole graphs of models of transformers: what the lab's ONNX backends run."""

from typing import Any

import onnx
import torch
from onnx import TensorProto, helper

from neural_lab.backends.torch_head import Head
from neural_lab.errors import ModelUnavailable
from neural_lab.models import channel_peaks
from neural_lab.models.body_graph import traced
from neural_lab.models.channel_peaks import Peaks, balance, digest
from neural_lab.models.columns_graph import HEAD, GraphHead, columns
from neural_lab.models.graph import Graph
from neural_lab.models.int8_graph import Table, take_over

OURS = "lab."
END = 2**31
LARGEST = 2**31 - 2**24
"""Bytes of constants; nodes come to them."""

Rows = list[list[int]]
Infos = list[onnx.ValueInfoProto]


def scorer_graph(model: Any, head: Head, limit: int, rows: Rows, *, int8: bool) -> onnx.ModelProto:
    """The graph of a causal model.

    Inputs `ids` `[1, 1 + length]`, at most `limit` to read before the last, and `skipped` `[1]`: of how many
    first tokens no columns are wanted. Outputs `logprob`, `entropy`, `variance` and `rank`
    `[length - skipped]`, as the embedded graph has them, of the tokens behind the first; and `hidden`
    `[length, width]`, the states before each of them. In int8 what is large in `rows` is balanced.
    """
    graph, body = Graph(int8, OURS), model.base_model
    peaks = channel_peaks.peaks(model, rows) if int8 else {}
    tied = _same(head.weight, body.get_input_embeddings().weight)
    ours = _graph_head(head, _table_name(body) if tied else HEAD, peaks)
    table = Table(ours.name, ours.weight, ours.balance) if tied else _table(body)
    _slice(graph, "ids", (0, -1), 1, "context")
    take_over(graph, traced(body, "context", limit, causal=True), table, peaks)
    states, targets = _wanted(graph)
    found = columns(graph, states, targets, ours)
    for name, value in found.items():
        graph.nodes.append(helper.make_node("Identity", [value], [name]))
    skipped = helper.make_tensor_value_info("skipped", TensorProto.INT64, [1])
    outputs = [helper.make_tensor_value_info(name, TensorProto.FLOAT, ["scored"]) for name in found]
    return _finished(graph, [_ids("tokens"), skipped], [*outputs, _hidden(head.width)])


def encoder_graph(model: Any, limit: int, rows: Rows, *, int8: bool) -> onnx.ModelProto:
    """The graph of an encoder: input `ids` `[1, length]`, at most `limit`, output `hidden` `[length, width]`.

    In int8 what is large in `rows` is balanced.
    """
    graph = Graph(int8, OURS)
    peaks = channel_peaks.peaks(model, rows) if int8 else {}
    take_over(graph, traced(model, "ids", limit, causal=False), _table(model), peaks)
    return _finished(graph, [_ids("length")], [_hidden(int(model.config.hidden_size))])


def _table(body: Any) -> Table:
    return Table(_table_name(body), body.get_input_embeddings().weight.detach().numpy())


def _table_name(body: Any) -> str:
    """Of the word vectors in the traced graph."""
    table = body.get_input_embeddings().weight
    return next(f"body.{path}" for path, each in body.named_parameters() if each is table)


def _graph_head(head: Head, name: str, peaks: Peaks) -> GraphHead:
    weight = head.weight.detach().numpy()
    bias = None if head.bias is None else head.bias.detach().numpy()
    largest = peaks.get(digest(weight))
    if largest is None:
        return GraphHead(weight, bias, head.scale, head.cap, name)
    balanced = balance(largest, weight)
    return GraphHead(weight * balanced, bias, head.scale, head.cap, name, balanced)


def _wanted(graph: Graph) -> tuple[str, str]:
    """States and the tokens that came next, without those that are skipped."""
    targets = graph.op("Slice", "ids", graph.axes(1), graph.axes(END), graph.axes(1))
    targets = graph.op("Transpose", targets, perm=[1, 0])
    rest = ("skipped", graph.axes(END), graph.axes(0))
    return graph.op("Slice", "hidden", *rest), graph.op("Slice", targets, *rest)


def _finished(graph: Graph, inputs: Infos, outputs: Infos) -> onnx.ModelProto:
    """Raises `ModelUnavailable` for what no single file holds."""
    if sum(len(each.raw_data) for each in graph.constants.values()) > LARGEST:
        message = "The model is too large for one ONNX file of 2 GiB; it runs with PyTorch."
        raise ModelUnavailable("too_large", message)
    return graph.model(inputs, outputs)


def _same(left: torch.Tensor, right: torch.Tensor) -> bool:
    return left.data_ptr() == right.data_ptr() and left.shape == right.shape


def _slice(graph: Graph, value: str, ends: tuple[int, int], axis: int, name: str) -> None:
    inputs = [value, *(graph.axes(at) for at in ends), graph.axes(axis)]
    graph.nodes.append(helper.make_node("Slice", inputs, [name]))


def _ids(length: str) -> onnx.ValueInfoProto:
    return helper.make_tensor_value_info("ids", TensorProto.INT64, [1, length])


def _hidden(width: int) -> onnx.ValueInfoProto:
    return helper.make_tensor_value_info("hidden", TensorProto.FLOAT, ["length", width])
