"""Building an ONNX graph node by node, with matrices in int8 where asked."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import helper, numpy_helper

CONTRIB = "com.microsoft"
WEIGHT_LEVELS = 63
ROW_LEVELS = 127
ROW_ZERO = 128
_FLOAT = onnx.TensorProto.FLOAT


class Graph:
    """Nodes and constants of a graph under construction; methods return the name of their output.

    With `int8`, `linear` keeps seven-bit weights (a scale per output column) and
    quantises its input `[…, rows, in]` row by row: no row's answer depends on another's, and
    255 * 63 * 2 < 2**15, so 16-bit accumulation on processors without VNNI
    cannot saturate. Where `balance` has numbers for an input, each of its columns is divided by its
    number before it is quantised, and the weights that meet it are multiplied.
    """

    def __init__(self, int8: bool, prefix: str = "") -> None:
        """`prefix` begins the names of nodes, where others stand among them."""
        self.int8, self._prefix = int8, prefix
        self.nodes: list[onnx.NodeProto] = []
        self.constants: dict[str, onnx.TensorProto] = {}
        self.balance: dict[str, NDArray[np.float32]] = {}
        self._rows: dict[str, tuple[str, str]] = {}

    def constant(self, name: str, value: NDArray[Any]) -> str:
        self.constants.setdefault(name, numpy_helper.from_array(np.asarray(value, order="C"), name))
        return name

    def scalar(self, value: float) -> str:
        return self.constant(f"scalar_{value:g}", np.float32(value) + np.zeros((), np.float32))

    def axes(self, *values: int) -> str:
        return self.constant("ints_" + "_".join(map(str, values)), np.array(values, dtype=np.int64))

    def op(self, kind: str, *inputs: str, domain: str = "", outputs: int = 1, **attributes: Any) -> str:
        """Append a node; with several `outputs` the names are `<first>`, `<first>_1`, …"""
        first = f"{self._prefix}{kind}_{len(self.nodes)}"
        names = [first, *(f"{first}_{i}" for i in range(1, outputs))]
        self.nodes.append(helper.make_node(kind, list(inputs), names, domain=domain, **attributes))
        return first

    def linear(self, x: str, name: str, weight: NDArray[np.float32]) -> str:
        """`x @ weight.T` for a weight `[out, in]`."""
        if not self.int8:
            return self.op("MatMul", x, self.constant(name, weight.T))
        balanced = weight * self.balance[x] if x in self.balance else weight
        return self.product(x, *self.quantised(name, balanced, transpose=True))

    def product(self, x: str, codes: str, scale: str) -> str:
        """`x` times int8 `codes` `[in, out]`, each column of which has its own `scale`."""
        rows, row_scale = self._quantise_rows(x)
        inputs = (rows, codes, self.scalar(1), scale, self._zero())
        return self.op("Mul", self.op("MatMulIntegerToFloat", *inputs, domain=CONTRIB), row_scale)

    def own_product(self, x: str, codes: str, scale: str) -> str:
        """Row by row the product of `x` with one row of `codes` and its `scale`, `[rows, 1]`."""
        rows, row_scale = self._quantise_rows(x)
        centred = self.op("Sub", self.op("Cast", rows, to=_FLOAT), self.scalar(ROW_ZERO))
        products = self.op("Mul", centred, self.op("Cast", codes, to=_FLOAT))
        total = self.op("ReduceSum", products, self.axes(-1), keepdims=1)
        return self.op("Mul", self.op("Mul", total, scale), row_scale)

    def quantised(self, name: str, weight: NDArray[np.float32], *, transpose: bool) -> tuple[str, str]:
        """Int8 codes and fp32 scales (one an output row) of `weight` `[out, in]`."""
        names = f"{name}.codes", f"{name}.scale"
        if names[0] not in self.constants:
            scale = np.maximum(np.abs(weight).max(axis=1), 1e-12) / WEIGHT_LEVELS
            codes = np.round(weight / scale[:, None]).astype(np.int8)
            self.constant(names[0], codes.T if transpose else codes)
            self.constant(names[1], scale.astype(np.float32))
        return names

    def _quantise_rows(self, x: str) -> tuple[str, str]:
        """Unsigned codes of `x`, and what one level is worth in each row; once for all who ask."""
        if x not in self._rows:
            self._rows[x] = self._fresh_rows(x)
        return self._rows[x]

    def _fresh_rows(self, x: str) -> tuple[str, str]:
        if x in self.balance:
            x = self.op("Mul", x, self.constant(f"{x}.balance", 1 / self.balance[x]))
        largest = self.op("ReduceMax", self.op("Abs", x), self.axes(-1), keepdims=1)
        scale = self.op("Mul", self.op("Max", largest, self.scalar(1e-9)), self.scalar(1 / ROW_LEVELS))
        flat = self.op("Reshape", scale, self.axes(-1))
        zeros = self.op("Expand", self._zero(), self.op("Shape", flat))
        return self.op("QuantizeLinear", x, flat, zeros, axis=-2), scale

    def _zero(self) -> str:
        return self.constant("row_zero", np.full((), ROW_ZERO, np.uint8))

    def model(
        self,
        inputs: Sequence[onnx.ValueInfoProto],
        outputs: Sequence[onnx.ValueInfoProto],
        *,
        ml: bool = False,
    ) -> onnx.ModelProto:
        """The finished model; `ml` where it has trees."""
        graph = helper.make_graph(
            self.nodes, "scorer", list(inputs), list(outputs), [*self.constants.values()]
        )
        opsets = [helper.make_opsetid("", 20), helper.make_opsetid(CONTRIB, 1)]
        opsets += [helper.make_opsetid("ai.onnx.ml", 3)] if ml else []
        return helper.make_model(graph, opset_imports=opsets, ir_version=9, producer_name="neural-lab")
