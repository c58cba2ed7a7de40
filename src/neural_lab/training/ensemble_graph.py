"""The fitted ensemble as one ONNX graph: features in, log-odds out."""

from pathlib import Path
from typing import Any

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import TensorProto, helper

from neural_lab.models.graph import Graph
from neural_lab.training.ensemble import EDGE, SURE, Ensemble

ML = "ai.onnx.ml"
Tree = dict[str, NDArray[Any]]


def export_ensemble(ensemble: Ensemble, path: Path) -> None:
    """Write the graph: input `features` `[rows, features]`, output `log_odds` `[rows]`, single precision.

    Thresholds are rounded down to single precision, which changes no split of a
    single-precision feature.
    """
    graph = Graph(int8=False)
    fitted, meta = ensemble.learners_, ensemble.meta_
    columns = [
        _logit(graph, _forest(graph, fitted["forest"])),
        _boosting(graph, fitted["boosting"]),
        _logistic(graph, *(step for _, step in fitted["logistic"].steps[::2])),
    ]
    stacked = graph.op("Concat", *columns, axis=1)
    weight = graph.constant("meta", meta.coef_.T.astype(np.float32))
    total = graph.op(
        "Add", graph.op("MatMul", stacked, weight), _number(graph, "intercept", meta.intercept_[0])
    )
    graph.nodes.append(helper.make_node("Squeeze", [total, graph.axes(1)], ["log_odds"]))
    width = int(fitted["forest"].n_features_in_)
    features = helper.make_tensor_value_info("features", TensorProto.FLOAT, ["rows", width])
    log_odds = helper.make_tensor_value_info("log_odds", TensorProto.FLOAT, ["rows"])
    onnx.save(graph.model([features], [log_odds], ml=True), path)


def _number(graph: Graph, name: str, value: float) -> str:
    return graph.constant(name, np.array([value], dtype=np.float32))


def _logit(graph: Graph, probability: str) -> str:
    low, high = _number(graph, "sure_low", SURE), _number(graph, "sure_high", 1 - SURE)
    inside = graph.op("Min", graph.op("Max", probability, low), high)
    odds = graph.op("Div", inside, graph.op("Sub", _number(graph, "one", 1.0), inside))
    return graph.op("Log", odds)


def _logistic(graph: Graph, scaler: Any, model: Any) -> str:
    mean = graph.constant("scaler.mean", scaler.mean_.astype(np.float32))
    scale = graph.constant("scaler.scale", scaler.scale_.astype(np.float32))
    scaled = graph.op("Div", graph.op("Sub", "features", mean), scale)
    edges = _number(graph, "edge_low", -EDGE), _number(graph, "edge_high", EDGE)
    inside = graph.op("Min", graph.op("Max", scaled, edges[0]), edges[1])
    product = graph.op("MatMul", inside, graph.constant("logistic", model.coef_.T.astype(np.float32)))
    return graph.op("Add", product, _number(graph, "logistic.intercept", model.intercept_[0]))


def _forest(graph: Graph, forest: Any) -> str:
    count = len(forest.estimators_)
    trees = [_grown(tree.tree_, count) for tree in forest.estimators_]
    return _trees(graph, trees, 0.0)


def _grown(tree: Any, count: int) -> Tree:
    share = tree.value[:, 0, 1] / tree.value[:, 0].sum(axis=1)
    return {
        "leaf": tree.children_left < 0,
        "left": tree.children_left,
        "right": tree.children_right,
        "feature": tree.feature,
        "threshold": tree.threshold,
        "value": share / count,
    }


def _boosting(graph: Graph, model: Any) -> str:
    names = {
        "leaf": "is_leaf", "left": "left", "right": "right",
        "feature": "feature_idx", "threshold": "num_threshold", "value": "value",
    }  # fmt: skip
    stages = [stage[0].nodes for stage in model._predictors]
    trees = [{mine: nodes[name] for mine, name in names.items()} for nodes in stages]
    return _trees(graph, trees, float(model._baseline_prediction[0, 0]))


def _trees(graph: Graph, trees: list[Tree], base: float) -> str:
    leaf = [tree["leaf"].astype(bool) for tree in trees]
    nodes = {
        "nodes_treeids": np.repeat(np.arange(len(trees)), [len(each) for each in leaf]),
        "nodes_nodeids": np.concatenate([np.arange(len(each)) for each in leaf]),
        "nodes_featureids": _joined(trees, leaf, "feature"),
        "nodes_truenodeids": _joined(trees, leaf, "left"),
        "nodes_falsenodeids": _joined(trees, leaf, "right"),
        "nodes_values": _rounded_down(_joined(trees, leaf, "threshold")),
    }
    leaves = [np.flatnonzero(each) for each in leaf]
    targets = {
        "target_treeids": np.repeat(np.arange(len(trees)), [len(each) for each in leaves]),
        "target_nodeids": np.concatenate(leaves),
        "target_ids": np.zeros(sum(map(len, leaves)), dtype=np.int64),
        "target_weights": np.concatenate([t["value"][at] for t, at in zip(trees, leaves, strict=True)]),
    }
    plain = {name: values.tolist() for name, values in (nodes | targets).items()}
    modes = ["LEAF" if each else "BRANCH_LEQ" for each in np.concatenate(leaf)]
    return graph.op(
        "TreeEnsembleRegressor",
        "features",
        domain=ML,
        nodes_modes=modes,
        n_targets=1,
        base_values=[base],
        **plain,
    )


def _joined(trees: list[Tree], leaf: list[NDArray[np.bool_]], name: str) -> NDArray[Any]:
    return np.concatenate([np.where(each, 0, tree[name]) for tree, each in zip(trees, leaf, strict=True)])


def _rounded_down(threshold: NDArray[np.float64]) -> NDArray[np.float32]:
    single = threshold.astype(np.float32)
    return np.where(single > threshold, np.nextafter(single, np.float32(-np.inf)), single)
