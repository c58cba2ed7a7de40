"""What is opened as a model, and what is refused with which words."""

from __future__ import annotations

import json
import pickle
import shutil
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from helpers import needed

torch = needed("torch")
needed("transformers")

from safetensors.torch import load_file, save_file

from neural_lab.backends.large import Large, open_encoder, open_scorer
from neural_lab.backends.model_folder import opened_folder
from neural_lab.errors import ModelUnavailable

Folders = Callable[[str], Path]


@pytest.fixture
def copied(large: Folders, tmp_path: Path) -> Path:
    return Path(shutil.copytree(large("gpt2"), tmp_path / "copied"))


def refused(folder: Path, **more: object) -> ModelUnavailable:
    with pytest.raises(ModelUnavailable) as failure:
        open_scorer(Large(str(folder), device="cpu", **more))  # type: ignore[arg-type]
    return failure.value


def configured(folder: Path, **more: object) -> None:
    read = json.loads((folder / "config.json").read_text())
    (folder / "config.json").write_text(json.dumps({k: v for k, v in (read | more).items() if v is not None}))


@pytest.mark.parametrize(
    ("name", "code"),
    [("config.json", "no_model"), ("tokenizer.json", "no_tokenizer"), ("model.safetensors", "no_weights")],
)
def test_a_missing_file_is_named(copied: Path, name: str, code: str) -> None:
    (copied / name).unlink()
    found = refused(copied)
    assert found.code == code
    assert name in found.message
    assert str(copied) in found.message


@pytest.mark.parametrize("name", ["config.json", "tokenizer.json", "model.safetensors"])
@pytest.mark.parametrize("kept", [0.0, 0.5])
def test_a_damaged_file_is_refused(copied: Path, name: str, kept: float) -> None:
    whole = (copied / name).read_bytes()
    (copied / name).write_bytes(whole[: int(kept * len(whole))])
    assert refused(copied).code == "damaged_model"


@pytest.mark.parametrize("name", ["pytorch_model.bin", "model.pt"])
def test_pickled_weights_are_never_opened(copied: Path, name: str, tmp_path: Path) -> None:
    class Trap:
        def __reduce__(self) -> tuple[object, ...]:
            return Path.touch, (tmp_path / "sprung",)

    (copied / "model.safetensors").unlink()
    (copied / name).write_bytes(pickle.dumps(Trap()))
    found = refused(copied)
    assert found.code == "pickled_weights"
    assert "safetensors" in found.message
    assert not (tmp_path / "sprung").exists()


def test_checksums_are_compared_before_anything_is_opened(copied: Path) -> None:
    checksums = opened_folder(copied).checksums
    open_scorer(Large(str(copied), device="cpu", checksums=checksums))
    weights = bytearray((copied / "model.safetensors").read_bytes())
    weights[-1] ^= 1
    (copied / "model.safetensors").write_bytes(weights)
    found = refused(copied, checksums=checksums)
    assert found.code == "altered_model"
    assert "model.safetensors" in found.message
    assert refused(copied, checksums={"another.json": "0"}).code == "altered_model"


def test_weights_in_several_files_are_those_in_one(copied: Path) -> None:
    expected = open_scorer(Large(str(copied), device="cpu")).score(["A river."])[0]
    tensors = load_file(copied / "model.safetensors")
    halves = [sorted(tensors)[::2], sorted(tensors)[1::2]]
    names = {key: f"model-0000{at}-of-00002.safetensors" for at, half in enumerate(halves) for key in half}
    for at, half in enumerate(halves):
        save_file(
            {key: tensors[key] for key in half},
            copied / f"model-0000{at}-of-00002.safetensors",
            {"format": "pt"},
        )
    (copied / "model.safetensors").unlink()
    (copied / "model.safetensors.index.json").write_text(json.dumps({"metadata": {}, "weight_map": names}))
    assert (open_scorer(Large(str(copied))).score(["A river."])[0].logprob == expected.logprob).all()
    (copied / "model-00001-of-00002.safetensors").unlink()
    found = refused(copied)
    assert (found.code, "model-00001-of-00002" in found.message) == ("missing_weights", True)


def test_weights_from_outside_the_folder_are_refused(copied: Path) -> None:
    (copied / "model.safetensors").rename(copied.parent / "outside.safetensors")
    index = {"metadata": {}, "weight_map": {"transformer.wte.weight": "../outside.safetensors"}}
    (copied / "model.safetensors.index.json").write_text(json.dumps(index))
    assert refused(copied).code == "missing_weights"


def test_an_index_leads_to_no_pickles(copied: Path) -> None:
    tensors = load_file(copied / "model.safetensors")
    (copied / "model.safetensors").unlink()
    torch.save(tensors, copied / "weights.bin")
    index = {"metadata": {}, "weight_map": dict.fromkeys(tensors, "weights.bin")}
    (copied / "model.safetensors.index.json").write_text(json.dumps(index))
    found = refused(copied)
    assert (found.code, "weights.bin" in found.message) == ("pickled_weights", True)


def test_weights_that_lack_a_part_are_not_filled_with_random_numbers(copied: Path, large: Folders) -> None:
    tensors = load_file(copied / "model.safetensors")
    lost = next(key for key in tensors if "attn" in key)
    save_file({k: v for k, v in tensors.items() if k != lost}, copied / "model.safetensors", {"format": "pt"})
    assert refused(copied).code == "incomplete_weights"
    with pytest.raises(ModelUnavailable) as failure:
        open_encoder(Large(str(copied), device="cpu"))
    assert failure.value.code == "incomplete_weights"


def test_a_head_that_was_never_trained_is_not_used(large: Folders, tmp_path: Path) -> None:
    folder = Path(shutil.copytree(large("llama"), tmp_path / "headless"))
    tensors = load_file(folder / "model.safetensors")
    del tensors["lm_head.weight"]
    save_file(tensors, folder / "model.safetensors", {"format": "pt"})
    assert refused(folder).code == "incomplete_weights"


def test_code_that_comes_with_a_model_is_not_run(copied: Path, tmp_path: Path) -> None:
    (copied / "trap.py").write_text(f"open({str(tmp_path / 'sprung')!r}, 'w')\nclass C: pass\n")
    configured(
        copied, model_type="homemade", auto_map={"AutoConfig": "trap.C", "AutoModelForCausalLM": "trap.C"}
    )
    assert refused(copied).code == "unknown_architecture"
    assert not (tmp_path / "sprung").exists()


def test_a_tokenizer_of_another_model_is_refused(copied: Path) -> None:
    tokenizer = json.loads((copied / "tokenizer.json").read_text())
    tokenizer["model"]["vocab"]["ducks and ducks"] = 400
    (copied / "tokenizer.json").write_text(json.dumps(tokenizer))
    assert refused(copied).code == "other_tokenizer"


def test_a_model_without_a_beginning_is_refused(copied: Path) -> None:
    configured(copied, bos_token_id=50256, eos_token_id=50256)
    found = refused(copied)
    assert (found.code, "bos_token_id" in found.message) == ("no_beginning", True)


def test_an_encoder_has_no_logits(large: Folders, tmp_path: Path) -> None:
    assert refused(large("bert")).code in ("incomplete_weights", "unknown_head")
    assert refused(tmp_path / "nowhere").code == "no_model"


def test_a_model_that_sees_what_it_predicts_is_refused(copied: Path) -> None:
    """Saved as a language model, which it is not, unless its configuration says `causal`."""
    from transformers import XLMConfig, XLMWithLMHeadModel

    sizes = {"vocab_size": 400, "emb_dim": 32, "n_layers": 2, "n_heads": 2, "max_position_embeddings": 48}
    for causal in (False, True):
        torch.manual_seed(7)
        XLMWithLMHeadModel(XLMConfig(**sizes, causal=causal, init_std=0.3)).save_pretrained(copied)
        if causal:
            assert np.isfinite(
                open_scorer(Large(str(copied), device="cpu")).score(["A river."])[0].logprob
            ).all()
        else:
            found = refused(copied)
            assert (found.code, "both directions" in found.message) == ("not_causal", True)


def test_only_weights_with_a_checksum_are_read(copied: Path) -> None:
    expected = open_scorer(Large(str(copied), device="cpu")).score(["A river."])[0].logprob
    tensors = load_file(copied / "model.safetensors")
    save_file({key: -value for key, value in tensors.items()}, copied / "other.safetensors", {"format": "pt"})
    configured(copied, transformers_weights="other.safetensors")
    assert (open_scorer(Large(str(copied), device="cpu")).score(["A river."])[0].logprob == expected).all()


def test_where_a_folder_lies_does_not_change_what_it_is(copied: Path, large: Folders) -> None:
    there, here = opened_folder(large("gpt2")), opened_folder(copied)
    assert there.digest == here.digest
    configured(copied, bos_token_id=3)
    assert opened_folder(copied).digest != here.digest
