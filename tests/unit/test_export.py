"""Exports beside PyTorch, what is refused, and what lies on the disk when something goes wrong."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from exports import calm_gpt2, encoder, kept, scorer
from helpers import needed
from large_models import PROSE, SIZES, bert, gemma2, gpt2, llama, roberta

torch = needed("torch")
for module in ("transformers", "onnx", "onnxscript"):
    needed(module)

from neural_lab.backends.torch_encoder import TorchEncoder
from neural_lab.backends.torch_model import causal_model, encoder_model
from neural_lab.backends.torch_scorer import TorchScorer
from neural_lab.errors import InvalidRequest, ModelUnavailable
from neural_lab.models import export
from neural_lab.models.export import export_model, exported
from neural_lab.models.kept import Kept
from neural_lab.models.parity import LEAST, MOST, check

LONG = PROSE * 4
EXACT = 2e-4
ODD = {
    "scale_attn_by_inverse_layer_idx": True,
    "activation_function": "relu",
    "layer_norm_epsilon": 1e-2,
    "n_inner": 48,
    "tie_word_embeddings": False,
}
"""What a configuration of GPT-2 may say otherwise."""


@pytest.fixture(autouse=True, scope="module")
def _one_thread() -> None:
    torch.set_num_threads(1)


@pytest.fixture
def small(home: Path) -> Kept:
    return kept(calm_gpt2(), "scorer", home)


@pytest.mark.parametrize("build", [lambda: gpt2(**ODD), llama, gemma2], ids=["odd gpt2", "llama", "gemma2"])
def test_columns_in_float32_are_those_of_pytorch_to_the_last_character(
    build: Callable[[], Any], home: Path
) -> None:
    torch.manual_seed(5)
    model = kept(build(), "scorer", home)
    theirs = TorchScorer(causal_model(model.source, "cpu", "float32"))
    made = export_model(model, "float32")
    texts = [LONG, "", "a", "\U0001f600"]
    for left, right in zip(theirs.score(texts), scorer(made, 2).score(texts), strict=True):
        assert np.array_equal(left.ends, right.ends)
        for name in ("logprob", "entropy", "variance"):
            assert np.allclose(getattr(left, name), getattr(right, name), rtol=0, atol=EXACT)
        assert (np.abs(left.rank - right.rank) <= 1).all()
    assert scorer(made).score([LONG])[0].ends[-1] == len(LONG)
    assert made.reading["context"] + made.reading["longest"] < len(theirs.score([LONG])[0]) / 4
    assert (made.precision, made.name, made.licence) == ("float32", "tiny/model", "mit")
    assert made.parity["logprob"]["max"] < EXACT


@pytest.mark.parametrize("build", [roberta, bert])
def test_states_in_float32_are_those_of_pytorch(build: Callable[[], Any], home: Path) -> None:
    torch.manual_seed(5)
    model = kept(build(), "encoder", home, specials=True)
    theirs = TorchEncoder(encoder_model(model.source, "cpu", "float32"))
    made = export_model(model, "float32")
    passages = [[LONG, "One.", ""], ["a"], []]
    tokens = [theirs.tokens(passage) for passage in passages]
    ours = encoder(made, 2)
    assert [ours.tokens(passage) for passage in passages] == tokens
    for left, right in zip(theirs.encode(tokens), ours.encode(tokens), strict=True):
        assert np.allclose(left.vectors, right.vectors, rtol=0, atol=EXACT)
        assert np.array_equal(left.tokens, right.tokens)
    assert made.parity["centred_cosine"]["min"] > 0.9999


def test_int8_stays_near_and_says_how_near(small: Kept) -> None:
    made = export_model(small)
    full = TorchScorer(causal_model(small.source, "cpu", "float32")).score([LONG])[0]
    near = scorer(made).score([LONG])[0]
    apart = np.abs(full.logprob - near.logprob)
    assert 0 < apart.mean() < 2 * made.parity["logprob"]["mean"]
    assert apart.max() < 2 * made.parity["logprob"]["max"]
    record = json.loads((small.onnx / "export.json").read_text("utf-8"))
    assert record["parity"] == made.parity
    assert {*record["files"]} == {"scorer.onnx", "tokenizer.json", "reading.json"}
    assert made == exported(small)
    assert made.identity.startswith("onnx-int8:")


def test_a_few_large_channels_do_not_drown_the_others(home: Path) -> None:
    """As trained models have them: one channel of a norm a hundred times the others, met by small weights."""
    plain, uneven = (calm_gpt2() for _ in range(2))
    for block in uneven.transformer.h:
        for norm, layer in ((block.ln_1, block.attn.c_attn), (block.ln_2, block.mlp.c_fc)):
            norm.weight.data[5] *= 100
            layer.weight.data[5] /= 100
    found = []
    for name, model in (("plain", plain), ("uneven", uneven)):
        found.append(export_model(kept(model, "scorer", home, name)).parity["logprob"]["mean"])
    assert found[1] < 1.5 * found[0]


def test_an_export_that_differs_too_much_is_refused_and_the_one_before_stays(home: Path) -> None:
    torch.manual_seed(7)
    wild = kept(gpt2(), "scorer", home)
    before = export_model(wild, "float32")
    with pytest.raises(ModelUnavailable, match="--precision float32") as failure:
        export_model(wild)
    assert failure.value.code == "export_differs"
    assert exported(wild) == before
    assert sorted(path.name for path in wild.folder.iterdir()) == ["model.json", "onnx", "source"]


@pytest.mark.parametrize("precision", ["int8", "float32"])
def test_what_differs_too_much(precision: str) -> None:
    most, least = MOST[precision], LEAST[precision]
    parts = {path: path.split(".") for path in most | least}

    def parity(**changed: float) -> dict[str, dict[str, float]]:
        values = most | least | {path.replace("_at_", "."): value for path, value in changed.items()}
        found: dict[str, dict[str, float]] = {}
        for path, (kind, name) in parts.items():
            found.setdefault(kind, {})[name] = values[path]
        return found

    check("x", precision, parity())
    worse = {path: limit * 1.01 for path, limit in most.items()} | {
        path: limit * 0.99 for path, limit in least.items()
    }
    for path, value in worse.items():
        for wrong in (value, float("nan")):
            with pytest.raises(ModelUnavailable, match=path.replace(".", " ")):
                check("x", precision, parity(**{path.replace(".", "_at_"): wrong}))


def test_a_model_that_cannot_be_converted_is_named(home: Path) -> None:
    from transformers import MixtralConfig, MixtralForCausalLM

    ids = {"vocab_size": 400, "bos_token_id": 0, "eos_token_id": 2, "pad_token_id": 1}
    config = MixtralConfig(
        num_local_experts=2, num_key_value_heads=1, max_position_embeddings=48, **SIZES | ids
    )
    model = kept(MixtralForCausalLM(config), "scorer", home)
    said: list[str] = []
    with pytest.raises(ModelUnavailable, match=r"MixtralForCausalLM .* runs with PyTorch") as failure:
        export_model(model, progress=said.append)
    assert failure.value.code == "cannot_export"
    assert said == ["reading the weights", "converting the model"]
    assert not model.exported
    assert not list(model.folder.glob(".*"))


def test_altered_files_are_found(small: Kept) -> None:
    with pytest.raises(ModelUnavailable, match="neural-lab models export tiny/model") as failure:
        exported(small)
    assert failure.value.code == "not_exported"
    export_model(small)
    for name in ("scorer.onnx", "tokenizer.json", "reading.json"):
        whole = (small.onnx / name).read_bytes()
        for damage in (whole[:-1], whole[:-1] + bytes([whole[-1] ^ 1])):
            (small.onnx / name).write_bytes(damage)
            with pytest.raises(ModelUnavailable, match=name):
                exported(small)
        (small.onnx / name).write_bytes(whole)
    exported(small)
    other = small.files | {"config.json": {"sha256": "0" * 64, "bytes": 1}}
    with pytest.raises(ModelUnavailable, match="made from other files"):
        exported(replace(small, files=other))
    for record in ("{", "[]", "{}", '{"schema": 1}'):
        (small.onnx / "export.json").write_text(record, "utf-8")
        with pytest.raises(ModelUnavailable, match="damaged"):
            exported(small)


def test_altered_weights_are_not_exported(small: Kept) -> None:
    with (small.source / "model.safetensors").open("r+b") as file:
        file.seek(-1, 2)
        file.write(b"\x7f")
    with pytest.raises(ModelUnavailable, match="not as it was published"):
        export_model(small)
    assert not small.exported


def test_a_package_that_is_missing_is_named(small: Kept, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(export, "NEEDED", ("torch", "no_such_package"))
    with pytest.raises(ModelUnavailable, match=r"no_such_package .* pip install 'neural-lab\[export\]'"):
        export_model(small)


def test_only_two_precisions(small: Kept) -> None:
    with pytest.raises(InvalidRequest, match="int8, float32"):
        export_model(small, "int4")
