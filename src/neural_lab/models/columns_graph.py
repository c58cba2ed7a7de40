"""The last steps of a language model in its graph: from states to columns, never all logits at once."""

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from onnx import TensorProto

from neural_lab.models.graph import Graph

TOKENS, PARTS = 512, 128
"""Of the vocabulary at once: few enough to stay in a processor's cache; but a graph has no end of parts."""
HEAD = "head"


@dataclass(frozen=True)
class GraphHead:
    """`scale * (hidden @ weight.T + bias)`, softly kept below `cap`: numbers of a `Head`, under a name.

    Where the table of word vectors is the same matrix, `name` is that of both. The `weight` is
    multiplied by `balance`, if there is one, and so `hidden` has to be divided by it.
    """

    weight: NDArray[np.float32]
    bias: NDArray[np.float32] | None = None
    scale: float = 1.0
    cap: float | None = None
    name: str = HEAD
    balance: NDArray[np.float32] | None = None


class _Part(NamedTuple):
    """Each `[rows, 1]`, of some tokens: the peak of their logits, Σ e^d, Σ d·e^d and Σ d²·e^d for how
    far each lies below it, and how many lie above the logit of the token that came."""

    peak: str
    s: str
    a: str
    q: str
    better: str


def columns(graph: Graph, hidden: str, targets: str, head: GraphHead) -> dict[str, str]:
    """Outputs by name, for states `[rows, width]` and the tokens that came next, `[rows, 1]`.

    With S, A and Q of all tokens, below the highest peak:
    log p = own - peak - ln S, entropy = ln S - A / S, variance = Q / S - (A / S)².
    """
    if head.balance is not None:
        graph.balance[hidden] = head.balance
    own = _own(graph, hidden, targets, head)
    size = len(head.weight)
    step = max(TOKENS, -(-size // PARTS))
    ends = [(at, min(at + step, size)) for at in range(0, size, step)]
    found = [_part(graph, hidden, (own, targets), head, each) for each in ends]
    whole = _joined(graph, found)
    log, mean = graph.op("Log", whole.s), graph.op("Div", whole.a, whole.s)
    square = graph.op("Div", whole.q, whole.s)
    outputs = {
        "logprob": graph.op("Sub", graph.op("Sub", own, whole.peak), log),
        "entropy": graph.op("Sub", log, mean),
        "variance": graph.op("Max", graph.op("Sub", square, graph.op("Mul", mean, mean)), graph.scalar(0)),
        "rank": whole.better,
    }
    return {name: graph.op("Squeeze", value, graph.axes(-1)) for name, value in outputs.items()}


def _own(graph: Graph, hidden: str, targets: str, head: GraphHead) -> str:
    """The logit of each target, `[rows, 1]`."""
    at = graph.op("Squeeze", targets, graph.axes(-1))
    if graph.int8:
        codes, scale = graph.quantised(head.name, head.weight, transpose=False)
        found = graph.own_product(hidden, graph.op("Gather", codes, at), graph.op("Gather", scale, targets))
    else:
        rows = graph.op("Gather", graph.constant(head.name, head.weight), at)
        found = graph.op("ReduceSum", graph.op("Mul", hidden, rows), graph.axes(-1), keepdims=1)
    bias = None if head.bias is None else graph.op("Gather", _bias(graph, head), targets)
    return _finished(graph, found, bias, head)


def _part(graph: Graph, hidden: str, own: tuple[str, str], head: GraphHead, tokens: tuple[int, int]) -> _Part:
    logits = _logits(graph, hidden, head, tokens)
    better = _better(graph, logits, *own, tokens)
    peak = graph.op("ReduceMax", logits, graph.axes(-1), keepdims=1)
    below = graph.op("Sub", logits, peak)
    e = graph.op("Exp", below)
    once = graph.op("Mul", e, below)
    twice = graph.op("Mul", once, below)
    s, a, q = (graph.op("ReduceSum", each, graph.axes(-1), keepdims=1) for each in (e, once, twice))
    return _Part(peak, s, a, q, better)


def _logits(graph: Graph, hidden: str, head: GraphHead, tokens: tuple[int, int]) -> str:
    """`[rows, tokens]`. A session turns the parts of the table once, when it is opened."""
    cut = [graph.axes(at) for at in tokens]
    if graph.int8:
        codes, scale = graph.quantised(head.name, head.weight, transpose=False)
        turned = graph.op("Transpose", graph.op("Slice", codes, *cut, graph.axes(0)), perm=[1, 0])
        found = graph.product(hidden, turned, graph.op("Slice", scale, *cut, graph.axes(0)))
    else:
        table = graph.op("Slice", graph.constant(head.name, head.weight), *cut, graph.axes(0))
        found = graph.op("MatMul", hidden, graph.op("Transpose", table, perm=[1, 0]))
    bias = None if head.bias is None else graph.op("Slice", _bias(graph, head), *cut, graph.axes(0))
    return _finished(graph, found, bias, head)


def _finished(graph: Graph, logits: str, bias: str | None, head: GraphHead) -> str:
    logits = logits if bias is None else graph.op("Add", logits, bias)
    logits = logits if head.scale == 1 else graph.op("Mul", logits, graph.scalar(head.scale))
    if head.cap is None:
        return logits
    cap = graph.scalar(head.cap)
    return graph.op("Mul", graph.op("Tanh", graph.op("Div", logits, cap)), cap)


def _bias(graph: Graph, head: GraphHead) -> str:
    return graph.constant(f"{head.name}.bias", np.asarray(head.bias))


def _better(graph: Graph, logits: str, own: str, targets: str, tokens: tuple[int, int]) -> str:
    """How many logits are above `own`. A product of other shape may round differently, and a
    token must not outrank itself, so its own place is taken out."""
    counted = _count(graph, graph.op("Greater", logits, own))
    start, end = (graph.axes(at) for at in tokens)
    place = graph.op("Clip", graph.op("Sub", targets, start), *_ends(graph, tokens[1] - tokens[0]))
    itself = graph.op("Greater", graph.op("GatherElements", logits, place, axis=1), own)
    inside = graph.op("And", graph.op("GreaterOrEqual", targets, start), graph.op("Less", targets, end))
    return graph.op("Sub", counted, graph.op("Cast", graph.op("And", itself, inside), to=TensorProto.FLOAT))


def _ends(graph: Graph, length: int) -> list[str]:
    return [graph.constant(f"place_{at}", np.array(at, np.int64)) for at in (0, length - 1)]


def _count(graph: Graph, flags: str) -> str:
    return graph.op("ReduceSum", graph.op("Cast", flags, to=TensorProto.FLOAT), graph.axes(-1), keepdims=1)


def _joined(graph: Graph, parts: list[_Part]) -> _Part:
    """What was summed under several peaks, under the highest: `by` is how far each lies below it."""
    peaks, s, a, q, better = (graph.op("Concat", *each, axis=1) for each in zip(*parts, strict=True))
    peak = graph.op("ReduceMax", peaks, graph.axes(-1), keepdims=1)
    by = graph.op("Sub", peaks, peak)
    shrunk = graph.op("Exp", by)
    moved = graph.op("Add", a, graph.op("Mul", by, s))
    more = graph.op("Mul", by, graph.op("Add", a, moved))
    sums = [graph.op("Mul", shrunk, each) for each in (s, moved, graph.op("Add", q, more))]
    totals = [graph.op("ReduceSum", each, graph.axes(-1), keepdims=1) for each in (*sums, better)]
    return _Part(peak, totals[0], totals[1], totals[2], totals[3])
