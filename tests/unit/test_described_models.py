"""What a manifest says of models: nothing of the embedded ones, and enough of large ones to refuse others."""

from __future__ import annotations

import json
import re
import shutil
from dataclasses import replace
from pathlib import Path

import pytest
from command_line import run
from helpers import needed

from neural_lab.backends.bundle import FILES, MANIFEST, Bundle, describe, models_in, note_agreement, seal
from neural_lab.backends.described import Described, described
from neural_lab.backends.referred import Referred
from neural_lab.compose import EMBEDDED
from neural_lab.detectors.advice import advised
from neural_lab.errors import InvalidRequest, ModelUnavailable
from neural_lab.settings import Computing, read_computing

LARGE = Described(
    "torch", "gpt2", "float16", "0" * 40, "mit", None, "ab" * 32, {"config.json": "cd" * 32}, 1024, 256
)
EXPORTED = Described("onnx", "gpt2", "int8", reading={"before": [1], "context": 256, "longest": 768})


@pytest.fixture
def bundle(tmp_path: Path) -> Path:
    return Path(shutil.copytree(EMBEDDED, tmp_path / "bundle"))


def test_the_embedded_bundle_is_named_as_it_was(bundle: Path) -> None:
    before = (bundle / MANIFEST).read_bytes()
    sums = json.loads(before)["files"]
    opened = Bundle(bundle)
    assert opened.detector().scorer == f"onnx-int8:{sums['scorer.onnx'][:16]}:{sums['tokenizer.json'][:16]}"
    assert opened.scorer(1).identity == opened.detector().scorer
    assert opened.second(1).encoder.identity == opened.detector().encoder
    assert set(opened.files) == set(FILES)
    assert not opened.models.on_torch
    seal(bundle)
    assert (bundle / MANIFEST).read_bytes() == before


def test_a_description_is_written_and_read_again() -> None:
    for model in (LARGE, EXPORTED):
        assert Described.from_dict(json.loads(json.dumps(model.as_dict()))) == model
    assert LARGE.pull == f"neural-lab models pull gpt2 --revision {'0' * 40}"
    assert EXPORTED.pull == "neural-lab models pull PATH/TO/gpt2"


@pytest.mark.parametrize(
    "model",
    [
        replace(LARGE, precision="float32"),
        replace(LARGE, digest="cd" * 32),
        replace(LARGE, context=128),
        replace(LARGE, limit=512),
        EXPORTED,
        replace(EXPORTED, precision="float32"),
        replace(EXPORTED, reading={"before": [2], "context": 256, "longest": 768}),
    ],
)
def test_whatever_answers_depend_on_is_in_the_identity(bundle: Path, model: Described) -> None:
    known = set()
    for each in (LARGE, model):
        describe(bundle, {"scorer": each, "encoder": each})
        found = models_in(bundle)
        known |= {found.scorer_identity, found.encoder_identity}
    expected = 4 if model.context == LARGE.context or not model.on_torch else 3  # encoders have no context
    assert len(known) == expected


def test_neither_a_device_nor_a_licence_is(bundle: Path) -> None:
    describe(bundle, {"scorer": LARGE})
    first = models_in(bundle, Computing("cpu")).scorer_identity
    describe(bundle, {"scorer": replace(LARGE, licence="", revision=None)})
    assert models_in(bundle, Computing("cuda")).scorer_identity == first


def test_what_was_measured_in_another_precision_is_measured_again(bundle: Path) -> None:
    needed("torch")
    describe(bundle, {"scorer": LARGE})
    ways = [Computing("cpu"), Computing("cpu", LARGE.precision), Computing("cpu", "bfloat16")]
    usual, named, other = (models_in(bundle, how).running("scorer") for how in ways)
    assert usual == named != other


def test_a_note_blesses_no_file(bundle: Path) -> None:
    """Whatever is altered between a check and a note is found afterwards."""
    (bundle / "head.json").write_text("{}")
    note_agreement(bundle, {"float16": {"largest": 0.01}})
    with pytest.raises(ModelUnavailable, match=r"head\.json"):
        Bundle(bundle)


def test_files_that_are_elsewhere_are_not_needed(bundle: Path) -> None:
    describe(bundle, {"scorer": LARGE, "encoder": EXPORTED})
    for name in ("scorer.onnx", "tokenizer.json"):
        (bundle / name).unlink()
    seal(bundle)
    note_agreement(bundle, {"float32": {"texts": 200}})
    opened = Bundle(bundle)
    assert opened.manifest["schema"] == 3
    assert opened.manifest["agrees"] == {"float32": {"texts": 200}}
    assert set(opened.files) == set(FILES) - {"scorer.onnx", "tokenizer.json"}
    with pytest.raises(ModelUnavailable) as refusal:
        opened.detector()
    assert refusal.value.code == "other_scorer"


@pytest.mark.parametrize(
    "models",
    [
        {"scorer": {"backend": "torch"}},
        {"scorer": LARGE.as_dict() | {"name": "../elsewhere"}},
        {"scorer": LARGE.as_dict() | {"digest": 7}},
        {"scorer": LARGE.as_dict() | {"code": "modeling.py"}},
        {"judge": LARGE.as_dict()},
        ["scorer"],
    ],
)
def test_what_is_no_description_is_no_bundle(bundle: Path, models: object) -> None:
    manifest = json.loads((bundle / MANIFEST).read_text("utf-8"))
    (bundle / MANIFEST).write_text(json.dumps(manifest | {"schema": 3, "models": models}))
    with pytest.raises(ModelUnavailable):
        Bundle(bundle)
    with pytest.raises((TypeError, ValueError, AttributeError)):
        described({"models": models})


def test_where_and_how_precisely(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("NEURAL_LAB_DEVICE", raising=False)
    monkeypatch.setenv("NEURAL_LAB_DTYPE", "")
    assert read_computing() == Computing("auto", "auto")
    monkeypatch.setenv("NEURAL_LAB_DEVICE", "cuda:1")
    monkeypatch.setenv("NEURAL_LAB_DTYPE", "bfloat16")
    assert read_computing() == Computing("cuda:1", "bfloat16")
    for name, value in (("DEVICE", "gpu"), ("DTYPE", "int8"), ("DTYPE", "Float16")):
        with monkeypatch.context() as patch:
            patch.setenv(f"NEURAL_LAB_{name}", value)
            with pytest.raises(InvalidRequest, match=f"NEURAL_LAB_{name}"):
                read_computing()


def test_another_precision_is_refused_with_a_command_that_works_as_it_is_typed(tmp_path: Path) -> None:
    referred = Referred(tmp_path / "mine", LARGE, Computing(dtype="bfloat16"), {})
    with pytest.raises(ModelUnavailable) as failure:
        referred.scorer()
    command = re.findall("`neural-lab ([^`]*)`", failure.value.message)[0]
    assert command == f"train agreement {tmp_path / 'mine'} --data TEXTS --dtype bfloat16"
    typed = run(*command.replace("TEXTS", str(tmp_path)).split())
    assert typed.exit_code != 0
    assert "Usage:" not in typed.output  # No such detector: but nothing is wrong with the options.


def test_a_champion_without_its_model_is_told_in_whole_sentences(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NEURAL_LAB_HOME", str(tmp_path))
    referred = Referred(tmp_path / "mine", replace(LARGE, revision=None), Computing(), {})
    with pytest.raises(ModelUnavailable) as failure, advised("mine-1"):
        referred.scorer()
    assert (
        "with `neural-lab models pull PATH/TO/gpt2`. `neural-lab detectors rollback`" in failure.value.message
    )
