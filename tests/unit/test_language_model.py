"""Training the language model: gradients, a loss that falls, a run that resumes, an export that agrees."""

import json
import lzma
import random
import shutil
from dataclasses import replace
from pathlib import Path

import numpy as np
import onnxruntime
import pytest
from helpers import needed

torch = needed("torch")

from neural_lab.errors import InvalidRequest
from neural_lab.training.export import export
from neural_lab.training.language_model import (
    LanguageModel,
    LinearCrossEntropy,
    Shape,
    softmax_and_loss,
)
from neural_lab.training.shards import Shards
from neural_lab.training.train_language_model import Recipe, train

SHAPE = Shape(vocabulary=300, width=64, layers=2, heads=2, context=32)
OPTIMISER = {"matrix_rate": 0.02, "embedding_rate": 0.01, "weight_decay": 0.0} | {
    "warmup": 0.1,
    "decay": 0.3,
    "long": 0.3,
}
RUN = {"tokens": 12_800, "minutes": 60, "tokens_per_step": 256, "seed": 1}
RECIPE = Recipe(SHAPE, OPTIMISER, RUN, {"news": 0.7, "novel": 0.3})


@pytest.fixture
def corpora(tmp_path: Path) -> Path:
    folder = tmp_path / "corpora"
    folder.mkdir()
    draw = random.Random(3)
    words = ["the", "old", "mill", "river", "ran", "slowly", "past", "door", "night", "and", "fell"]
    for name in ("news", "novel"):
        with lzma.open(folder / f"{name}.jsonl.xz", "wt") as file:
            for _ in range(200):
                text = " ".join(draw.choice(words) for _ in range(60)).capitalize() + "."
                file.write(json.dumps({"text": text, "domain": name, "license": "CC0"}) + "\n")
    return folder


def test_chunked_cross_entropy_has_the_gradients_of_the_plain_one() -> None:
    torch.manual_seed(0)
    hidden = torch.randn(50, 8, requires_grad=True)
    weight = torch.randn(20, 8, requires_grad=True)
    targets = torch.randint(0, 20, (50,))
    ours = LinearCrossEntropy.apply(hidden, weight, targets, softmax_and_loss)
    gradients = torch.autograd.grad(ours, (hidden, weight))
    plain = torch.nn.functional.cross_entropy(hidden @ weight.T, targets)
    expected = torch.autograd.grad(plain, (hidden, weight))
    assert ours.item() == pytest.approx(plain.item(), abs=1e-5)
    assert all(torch.allclose(a, b, atol=1e-5) for a, b in zip(gradients, expected, strict=True))


def test_a_run_learns_and_goes_on_exactly_where_it_stopped(corpora: Path, tmp_path: Path) -> None:
    whole, parts = tmp_path / "whole", tmp_path / "parts"
    curve = train(corpora, whole, RECIPE, device="cpu", compiled=False)["curve"]
    assert curve[-1][1] < curve[0][1] - 1
    assert (whole / "loss.png").stat().st_size > 1000

    train(corpora, parts, RECIPE, device="cpu", compiled=False, stop=4000)
    assert not (parts / "model.safetensors").exists()
    resumed = train(corpora, parts, RECIPE, device="cpu", compiled=False)["curve"]
    assert [nats for _, nats in resumed] == pytest.approx([nats for _, nats in curve], abs=1e-4)
    assert (whole / "model.safetensors").read_bytes() == (parts / "model.safetensors").read_bytes()


def test_a_new_run_can_start_from_the_weights_of_another(corpora: Path, tmp_path: Path) -> None:
    first = train(corpora, tmp_path / "first", RECIPE, device="cpu", compiled=False)["curve"]
    checkpoint = tmp_path / "checkpoint"
    checkpoint.mkdir()
    shutil.copy(tmp_path / "first" / "model.safetensors", checkpoint)
    shutil.copy(tmp_path / "first" / "tokens" / "tokenizer.json", checkpoint)
    second = tmp_path / "second"
    options = {"device": "cpu", "compiled": False, "stop": 256, "checkpoint": checkpoint}
    curve = train(corpora, second, RECIPE, **options)["curve"]
    assert curve[0][1] == pytest.approx(first[-1][1], abs=0.3)


def test_a_run_is_not_continued_with_another_recipe(corpora: Path, tmp_path: Path) -> None:
    train(corpora, tmp_path / "run", RECIPE, device="cpu", compiled=False, stop=256)
    other = replace(RECIPE, weights={"news": 1.0})
    with pytest.raises(InvalidRequest, match="another recipe"):
        train(corpora, tmp_path / "run", other, device="cpu", compiled=False)


def test_the_order_of_reading_is_the_same_for_the_same_seed(corpora: Path, tmp_path: Path) -> None:
    train(corpora, tmp_path / "run", RECIPE, device="cpu", compiled=False, stop=256)
    shards = [Shards(tmp_path / "run" / "tokens", RECIPE.weights, 32, 1) for _ in range(2)]
    first, second = (each.plan(40) for each in shards)
    assert (first == second).all()
    rows = shards[0].batch(first[:4], 16)
    assert rows.shape == (8, 17)
    assert (rows[0, -1] == rows[1, 0]).all()


@pytest.fixture(scope="module")
def model() -> LanguageModel:
    torch.manual_seed(5)
    built = LanguageModel(SHAPE)
    for parameter in built.parameters():
        torch.nn.init.normal_(parameter, std=0.2)
    return built.eval()


def session(model: LanguageModel, path: Path, *, int8: bool) -> onnxruntime.InferenceSession:
    weights = {name: p.detach().numpy() for name, p in model.named_parameters()}
    export(weights, SHAPE.heads, SHAPE.context, path, int8=int8)
    return onnxruntime.InferenceSession(str(path), providers=["CPUExecutionProvider"])


def expected(model: LanguageModel, ids: np.ndarray) -> dict[str, np.ndarray]:
    """The columns, the long way round: all logits, log-softmax, sums."""
    with torch.inference_mode():
        hidden = model(torch.from_numpy(ids[:, :-1]))[0]
        logp = model.head(hidden).double().log_softmax(-1)
        own = logp.gather(1, torch.from_numpy(ids[0, 1:, None]))
        mean = (logp.exp() * logp).sum(-1)
        columns = {
            "logprob": own[:, 0],
            "entropy": -mean,
            "variance": (logp.exp() * logp**2).sum(-1) - mean**2,
            "rank": (logp > own).sum(-1),
            "hidden": hidden,
        }
    return {name: column.numpy() for name, column in columns.items()}


def test_the_exported_graph_agrees_with_pytorch(model: LanguageModel, tmp_path: Path) -> None:
    run = session(model, tmp_path / "model.onnx", int8=False)
    for length in (1, 2, 31, 32):
        ids = np.random.default_rng(length).integers(0, SHAPE.vocabulary, (1, length + 1))
        found = dict(zip([o.name for o in run.get_outputs()], run.run(None, {"ids": ids}), strict=True))
        for name, column in expected(model, ids).items():
            assert np.allclose(found[name], column, atol=2e-4), name


def test_int8_stays_near_and_no_row_sees_another(model: LanguageModel, tmp_path: Path) -> None:
    run = session(model, tmp_path / "model.onnx", int8=True)
    ids = np.random.default_rng(0).integers(0, SHAPE.vocabulary, (1, 33))
    whole = run.run(["logprob"], {"ids": ids})[0]
    assert np.abs(whole - expected(model, ids)["logprob"]).mean() < 0.2
    part = run.run(["logprob"], {"ids": ids[:, :17]})[0]
    assert np.allclose(part, whole[:16], atol=1e-6)


def test_int8_codes_cannot_saturate_sixteen_bits(model: LanguageModel, tmp_path: Path) -> None:
    onnx = needed("onnx")
    session(model, tmp_path / "model.onnx", int8=True)
    graph = onnx.load(tmp_path / "model.onnx").graph
    codes = [onnx.numpy_helper.to_array(t) for t in graph.initializer if t.data_type == onnx.TensorProto.INT8]
    assert len(codes) == 1 + 4 * SHAPE.layers
    assert 255 * max(int(np.abs(c).max()) for c in codes) * 2 < 2**15
