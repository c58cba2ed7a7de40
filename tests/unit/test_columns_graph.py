"""Columns of a graph, summed part by part, beside the long way round."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from helpers import needed

onnx = needed("onnx")

from neural_lab.backends.onnx_session import session
from neural_lab.models import columns_graph
from neural_lab.models.columns_graph import GraphHead, columns
from neural_lab.models.graph import Graph

TOKENS, WIDTH, ROWS = 103, 24, 9
NAMES = ("logprob", "entropy", "variance", "rank")
HEADS: tuple[dict[str, Any], ...] = (
    {},
    {"bias": np.linspace(-3, 3, TOKENS, dtype=np.float32)},
    {"scale": 0.25},
    {"cap": 2.0},
    {"bias": np.ones(TOKENS, np.float32), "scale": 1 / 1.7, "cap": 4.0},
)


@pytest.fixture(autouse=True)
def _small_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(columns_graph, "TOKENS", 10)


def drawn() -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """States, the tokens that came next, the first and the last among them, and weights."""
    rng = np.random.default_rng(3)
    states = rng.normal(0, 2, (ROWS, WIDTH)).astype(np.float32)
    targets = rng.integers(0, TOKENS, (ROWS, 1))
    targets[:2, 0] = 0, TOKENS - 1
    return states, targets, rng.normal(0, 0.5, (TOKENS, WIDTH)).astype(np.float32)


def run(head: GraphHead, states: np.ndarray, targets: np.ndarray, folder: Path, *, int8: bool) -> np.ndarray:
    graph = Graph(int8)
    found = columns(graph, "states", "targets", head)
    for name, value in found.items():
        graph.nodes.append(onnx.helper.make_node("Identity", [value], [name]))
    kinds = {"states": onnx.TensorProto.FLOAT, "targets": onnx.TensorProto.INT64}
    inputs = [onnx.helper.make_tensor_value_info(name, kind, ["rows", None]) for name, kind in kinds.items()]
    outputs = [onnx.helper.make_tensor_value_info(name, kinds["states"], ["rows"]) for name in NAMES]
    onnx.save(graph.model(inputs, outputs), folder / "columns.onnx")
    opened = session(folder / "columns.onnx", "language model")
    return np.stack(opened.run(NAMES, {"states": states, "targets": targets}))


def by_hand(head: GraphHead, states: np.ndarray, targets: np.ndarray) -> np.ndarray:
    logits = states.astype(np.float64) @ head.weight.T.astype(np.float64)
    logits = (logits + (0 if head.bias is None else head.bias)) * head.scale
    logits = logits if head.cap is None else head.cap * np.tanh(logits / head.cap)
    below = logits - logits.max(1, keepdims=True)
    logp = below - np.log(np.exp(below).sum(1, keepdims=True))
    own, p = np.take_along_axis(logp, targets, 1), np.exp(logp)
    mean = (p * logp).sum(1)
    return np.stack((own[:, 0], -mean, (p * logp**2).sum(1) - mean**2, (logp > own).sum(1)))


@pytest.mark.parametrize("options", HEADS)
def test_parts_of_the_vocabulary_add_up(options: dict[str, Any], tmp_path: Path) -> None:
    states, targets, weight = drawn()
    head = GraphHead(weight, **options)
    assert np.allclose(
        run(head, states, targets, tmp_path, int8=False), by_hand(head, states, targets), atol=2e-5
    )


@pytest.mark.parametrize("options", HEADS)
def test_int8_is_near(options: dict[str, Any], tmp_path: Path) -> None:
    states, targets, weight = drawn()
    head = GraphHead(weight, **options)
    found, expected = run(head, states, targets, tmp_path, int8=True), by_hand(head, states, targets)
    assert np.abs(found[:2] - expected[:2]).max() < 0.15
    assert np.abs(found[3] - expected[3]).max() <= 4
    assert np.array_equal(found[3], np.round(found[3]))


def test_balanced_weights_need_balanced_states(tmp_path: Path) -> None:
    states, targets, weight = drawn()
    states[:, 4] *= 300
    weight[:, 4] /= 300
    expected = by_hand(GraphHead(weight), states, targets)
    balance = np.ones(WIDTH, np.float32)
    balance[4] = 300
    apart = [
        np.abs(run(head, states, targets, tmp_path, int8=True)[0] - expected[0]).max()
        for head in (GraphHead(weight), GraphHead(weight * balance, balance=balance))
    ]
    assert apart[1] < 0.15 < apart[0]


def test_far_logits_keep_their_precision(tmp_path: Path) -> None:
    """Peaks of parts that lie hundreds apart: what is far below one adds nothing, and nothing overflows."""
    states, targets, weight = drawn()
    head = GraphHead(weight * 60)
    found = run(head, states, targets, tmp_path, int8=False)
    assert np.isfinite(found).all()
    assert np.allclose(found[0], by_hand(head, states, targets)[0], rtol=1e-5, atol=1e-3)
    assert (found[2] >= 0).all()
