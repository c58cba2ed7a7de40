"""Nodes that PyTorch traced, taken over into a graph whose matrices are in the lab's int8."""

from typing import Any, NamedTuple

import numpy as np
import onnx_ir
from numpy.typing import NDArray
from onnx import NodeProto, TensorProto, helper

from neural_lab.models.channel_peaks import Peaks, balance, digest
from neural_lab.models.graph import CONTRIB, Graph

DOMAINS = ("", CONTRIB)
PLAIN_GEMM = {"alpha": 1.0, "beta": 1.0, "transA": 0}

Array = NDArray[Any]


class Table(NamedTuple):
    """Word vectors `[tokens, width]` as a graph keeps them: under the name that they have in a traced one,
    and each column multiplied by its number of `balance`."""

    name: str
    weight: Array
    balance: Array | None = None


class Unknown(Exception):
    """The traced graph holds what cannot be taken over."""


def take_over(graph: Graph, body: onnx_ir.Model, table: Table, peaks: Peaks) -> None:
    """Append the nodes of `body` under their own names.

    With int8, products with constant matrices become those of `graph`, balanced by the `peaks` of
    their inputs, and the `table` of word vectors is kept in int8. Raises `Unknown`.
    """
    if body.functions or any(node.domain not in DOMAINS for node in body.graph):
        raise Unknown
    if graph.int8:
        graph.balance.update(_balances(body, peaks))
    for node in body.graph:
        if not graph.int8 or not (_product(graph, node) or _lookup(graph, node, table)):
            _copy(graph, node)


def _balances(body: onnx_ir.Model, peaks: Peaks) -> dict[str, Array]:
    """For the inputs of products: all matrices that meet an input share its balance."""
    met: dict[str, list[Array]] = {}
    for node in body.graph:
        if (weight := _matrix(node)) is not None:
            met.setdefault(str(node.inputs[0].name), []).append(weight)
    found = {x: [peaks[key] for key in map(digest, mine) if key in peaks] for x, mine in met.items()}
    return {
        x: balance(np.max(mine, axis=0), np.concatenate(met[x]))
        for x, mine in found.items()
        if len(mine) == len(met[x])
    }


def _copy(graph: Graph, node: onnx_ir.Node) -> None:
    for value in node.inputs:
        if value is not None and value.const_value is not None:
            graph.constant(str(value.name), value.const_value.numpy())
    proto: NodeProto = onnx_ir.serde.serialize_node(node)
    del proto.metadata_props[:]
    graph.nodes.append(proto)


def _product(graph: Graph, node: onnx_ir.Node) -> bool:
    weight = _matrix(node)
    if weight is None:
        return False
    x, bias = node.inputs[0], node.inputs[2] if len(node.inputs) > 2 else None
    found = graph.linear(str(x.name), str(node.inputs[1].name), weight)
    if bias is not None:
        found = graph.op("Add", found, graph.constant(str(bias.name), bias.const_value.numpy()))
    _named(graph, found, node)
    return True


def _matrix(node: onnx_ir.Node) -> Array | None:
    """The constant `[out, in]` that `node` multiplies with, if that is all it does."""
    if node.op_type not in ("MatMul", "Gemm") or any(_constant(value) is None for value in node.inputs[1:]):
        return None
    weight = node.inputs[1].const_value.numpy()
    if node.op_type == "MatMul":
        return weight.T if weight.ndim == 2 else None
    options = {name: attribute.value for name, attribute in node.attributes.items()}
    turned = options.pop("transB", 0)
    plain = all(value == PLAIN_GEMM[name] for name, value in options.items())
    return (weight if turned else weight.T) if plain else None


def _lookup(graph: Graph, node: onnx_ir.Node, table: Table) -> bool:
    name = str(node.inputs[0].name) if node.inputs and node.inputs[0] is not None else ""
    if node.op_type != "Gather" or name != table.name or node.attributes.get_int("axis", 0) != 0:
        return False
    ids = str(node.inputs[1].name)
    codes, scale = graph.quantised(table.name, table.weight, transpose=False)
    rows = graph.op("Cast", graph.op("Gather", codes, ids), to=TensorProto.FLOAT)
    scales = graph.op("Unsqueeze", graph.op("Gather", scale, ids), graph.axes(-1))
    found = graph.op("Mul", rows, scales)
    if table.balance is not None:
        found = graph.op("Mul", found, graph.constant(f"{table.name}.balance", 1 / table.balance))
    _named(graph, found, node)
    return True


def _constant(value: onnx_ir.Value | None) -> Array | None:
    if value is None or value.const_value is None:
        return None
    return np.asarray(value.const_value.numpy())


def _named(graph: Graph, found: str, node: onnx_ir.Node) -> None:
    graph.nodes.append(helper.make_node("Identity", [found], [str(node.outputs[0].name)]))
