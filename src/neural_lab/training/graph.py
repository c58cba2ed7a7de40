"""Building an ONNX graph node by node, with matrices in int8 where asked."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper

WEIGHT_LEVELS = 63
ROW_LEVELS = 127
ROW_ZERO = 128


class Graph:
    """Nodes and constants of a graph under construction; methods return the name of their output.

    With `int8`, `linear` keeps seven-bit weights (a scale per output column) and
    quantises its input row by row: no row's answer depends on another's, and
    255 * 63 * 2 < 2**15, so 16-bit accumulation on processors without VNNI
    cannot saturate.
    """

    def __init__(self, int8: bool) -> None:
        self.int8 = int8
        self.nodes: list[onnx.NodeProto] = []
        self.constants: dict[str, onnx.TensorProto] = {}

    def constant(self, name: str, value: NDArray[Any]) -> str:
        self.constants.setdefault(name, numpy_helper.from_array(np.ascontiguousarray(value), name))
        return name

    def scalar(self, value: float) -> str:
        return self.constant(f"scalar_{value:g}", np.float32(value) + np.zeros((), np.float32))

    def axes(self, *values: int) -> str:
        return self.constant("ints_" + "_".join(map(str, values)), np.array(values, dtype=np.int64))

    def op(self, kind: str, *inputs: str, domain: str = "", outputs: int = 1, **attributes: Any) -> str:
        """Append a node; with several `outputs` the names are `<first>`, `<first>_1`, …"""
        first = f"{kind}_{len(self.nodes)}"
        names = [first, *(f"{first}_{i}" for i in range(1, outputs))]
        self.nodes.append(helper.make_node(kind, list(inputs), names, domain=domain, **attributes))
        return first

    def linear(self, x: str, name: str, weight: NDArray[np.float32]) -> str:
        """`x @ weight.T` for a weight `[out, in]`."""
        if not self.int8:
            return self.op("MatMul", x, self.constant(name, weight.T))
        quantised, scale = self.quantised(name, weight, transpose=True)
        codes, row_scale = self._quantise_rows(x)
        zero = self.constant("row_zero", np.uint8(ROW_ZERO) + np.zeros((), np.uint8))
        product = self.op("Cast", self.op("MatMulInteger", codes, quantised, zero), to=TensorProto.FLOAT)
        return self.op("Mul", self.op("Mul", product, scale), row_scale)

    def quantised(self, name: str, weight: NDArray[np.float32], *, transpose: bool) -> tuple[str, str]:
        """Int8 codes and fp32 scales (one an output row) of `weight` `[out, in]`."""
        scale = np.maximum(np.abs(weight).max(axis=1), 1e-12) / WEIGHT_LEVELS
        codes = np.round(weight / scale[:, None]).astype(np.int8)
        stored = codes.T if transpose else codes
        return self.constant(name, stored), self.constant(f"{name}.scale", scale.astype(np.float32))

    def _quantise_rows(self, x: str) -> tuple[str, str]:
        """Unsigned codes of `x`, and what one level is worth in each row."""
        largest = self.op("ReduceMax", self.op("Abs", x), self.axes(-1), keepdims=1)
        scale = self.op("Mul", self.op("Max", largest, self.scalar(1e-9)), self.scalar(1 / ROW_LEVELS))
        levels = self.op("Round", self.op("Div", x, scale))
        shifted = self.op("Add", levels, self.scalar(ROW_ZERO))
        return self.op("Cast", shifted, to=TensorProto.UINT8), scale

    def model(
        self, inputs: Sequence[onnx.ValueInfoProto], outputs: Sequence[onnx.ValueInfoProto]
    ) -> onnx.ModelProto:
        """The finished, checked model."""
        graph = helper.make_graph(
            self.nodes, "scorer", list(inputs), list(outputs), [*self.constants.values()]
        )
        opsets = [helper.make_opsetid("", 20), helper.make_opsetid("com.microsoft", 1)]
        return helper.make_model(graph, opset_imports=opsets, ir_version=9, producer_name="neural-lab")
