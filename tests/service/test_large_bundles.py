"""A detector with large models: trained, opened, judged, tried otherwise, refused where they differ."""

from __future__ import annotations

import json
import pydoc_data.topics
import re
import shutil
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from command_line import run, shown
from helpers import needed

needed("sklearn")
needed("torch")
needed("transformers")
needed("onnx")
needed("matplotlib")
needed("skops")

from kept_large import keep

from neural_lab.backends.bundle import MANIFEST, Bundle, models_in
from neural_lab.backends.bundle_models import Models
from neural_lab.compose import EMBEDDED, open_lab
from neural_lab.errors import InvalidRequest, LabError, ModelUnavailable
from neural_lab.retraining.opinions import without_them
from neural_lab.settings import Computing
from neural_lab.training.dataset import Record
from neural_lab.training.detection import Example
from neural_lab.training.material import measure_states
from neural_lab.training.pair import Pair, place_models
from neural_lab.training.sources import Sources
from neural_lab.training.user_data import user_examples
from neural_lab.types import Document

EACH, WORDS = 100, 330
HEAD = "It is important to note that"
TOPICS = pydoc_data.topics.topics
PROSE = re.sub(r"\s+", " ", " ".join(TOPICS[name] for name in sorted(TOPICS)))
NAMES = ("gardens", "rivers", "markets", "libraries", "bridges", "schools", "harbours")
Change = Callable[[Path, Path], None]


def human(at: int) -> str:
    return f"{PROSE[at * 500 : at * 500 + WORDS]}. And so it went on for a while."


def machine(at: int) -> str:
    name, other = NAMES[at % 7], NAMES[(at // 7) % 7]
    return " ".join(
        f"{HEAD} {name} number {at * 13 + n} play a vital role in the {other} of tomorrow." for n in range(4)
    )


KINDS = ((0, human), (1, machine))


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A folder with `home`, where two small models are kept, texts, and `bundle`, trained on both."""
    folder = tmp_path_factory.mktemp("large")
    # One label in ten is wrong: a detector that is never in doubt would hide what rounding does.
    rows = [
        {"text": (human, machine)[label ^ (at % 10 == 0)](at), "label": label}
        for label in (0, 1)
        for at in range(EACH)
    ]
    halves = [{"text": f"{human(at)[:150]}. {machine(at)[:150]}."} for at in range(EACH)]
    (folder / "plain.jsonl").write_text("".join(json.dumps(row) + "\n" for row in halves), "utf-8")
    (folder / "texts.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows), "utf-8")
    keep("gpt2", folder / "home")
    keep("roberta", folder / "home")
    names = ("--scorer", "gpt2", "--encoder", "roberta", "--backend", "torch", "--device", "cpu")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("NEURAL_LAB_HOME", str(folder / "home"))
        places = ("--data", folder / "texts.jsonl", "--out", folder / "bundle", "--cache", folder / "runs")
        result = run("train", "detector", *places, *names, "--name", "large", "--debug")
        assert result.exit_code == 0, result.output
        yield folder


@pytest.fixture(scope="module")
def exports(made: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Another home, with the same models and their exports."""
    needed("onnxscript")
    from neural_lab.models.export import export_model
    from neural_lab.models.kept import kept_model

    home = tmp_path_factory.mktemp("exports")
    shutil.copytree(made / "home" / "models", home / "models")
    for name in ("gpt2", "roberta"):
        export_model(kept_model(name, home), "float32")
    return home


@pytest.fixture
def bundle(made: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the bundle beside a copy of the models, both to be changed as one likes."""
    shutil.copytree(made / "home" / "models", tmp_path / "home" / "models")
    shutil.copytree(made / "bundle", tmp_path / "bundle")
    monkeypatch.setenv("NEURAL_LAB_HOME", str(tmp_path / "home"))
    return tmp_path / "bundle"


def test_a_pair_becomes_a_detector(made: Path, bundle: Path) -> None:
    manifest = json.loads((bundle / MANIFEST).read_text("utf-8"))
    models = manifest["models"]
    assert manifest["schema"] == 3
    assert {kind: (each["name"], each["precision"]) for kind, each in models.items()} == {
        "scorer": ("gpt2", "float32"),
        "encoder": ("roberta", "float32"),
    }
    assert not any(name.endswith("tokenizer.json") or "scorer" in name for name in manifest["files"])
    detector = Bundle(bundle).detector()
    assert detector.scorer == f"torch-float32:{models['scorer']['digest'][:32]}:12+36"
    lab = open_lab(bundle)
    likely, unlikely = (lab.analyze(Document(text)).probability for text in (machine(300), human(150)))
    assert likely > 0.7 > 0.3 > unlikely
    card = (bundle / "card.md").read_text("utf-8")
    assert "language model is `gpt2`, run by PyTorch in float32" in card
    assert "not fine-tuned" in card
    assert (bundle / "pictures" / "roc.png").stat().st_size > 5000
    assert sorted(path.name.split("-")[0] for path in (made / "runs").glob("*.npz")) == ["measured", "states"]


def test_it_is_used_as_any_other(bundle: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NEURAL_LAB_BUNDLE", str(bundle))
    essay, pack = tmp_path / "essay.txt", tmp_path / "pack.json"
    essay.write_text(machine(301), "utf-8")
    assert run("check", essay, "--evidence", pack, "--quiet").exit_code == 0
    assert run("verify", pack).exit_code == 0
    result = run("doctor", "--only", "bundle", "--only", "scoring")
    assert result.exit_code == 0, result.output


def test_it_is_evaluated_in_one_process(made: Path, bundle: Path, tmp_path: Path) -> None:
    data = ("--data", made / "texts.jsonl", "--out", tmp_path / "card", "--most", 6)
    card = shown("evaluate", "--bundle", bundle, *data, "--json")
    assert card["unread"] == {}
    lines = (tmp_path / "card" / "scores.jsonl").read_text("utf-8").splitlines()
    said = [(row["label"], row["probability"]) for row in map(json.loads, lines)]
    assert len(said) == 12
    assert sum((probability > 0.5) == (label == 1) for label, probability in said) > 8


def other_weights(_: Path, models: Path) -> None:
    import torch
    from large_models import gpt2

    torch.manual_seed(8)
    gpt2().eval().save_pretrained(models / "gpt2" / "source")


def other_tokenizer(_: Path, models: Path) -> None:
    path = models / "gpt2" / "source" / "tokenizer.json"
    path.write_text(path.read_text("utf-8").replace('"normalizer": null', '"normalizer": {"type": "NFC"}'))


def other_settings(_: Path, models: Path) -> None:
    (models / "roberta" / "source" / "tokenizer_config.json").write_text('{"do_lower_case": true}')


def removed(_: Path, models: Path) -> None:
    shutil.rmtree(models / "roberta")


def other_window(bundle: Path, _: Path) -> None:
    path = bundle / MANIFEST
    path.write_text(path.read_text("utf-8").replace('"context": 12', '"context": 20'))


def other_limit(bundle: Path, _: Path) -> None:
    manifest = json.loads((bundle / MANIFEST).read_text("utf-8"))
    manifest["models"]["encoder"]["limit"] = 40
    (bundle / MANIFEST).write_text(json.dumps(manifest))


def other_backend(bundle: Path, _: Path) -> None:
    path = bundle / MANIFEST
    path.write_text(path.read_text("utf-8").replace('"backend": "torch"', '"backend": "guesswork"'))


def elsewhere(bundle: Path, _: Path) -> None:
    path = bundle / MANIFEST
    path.write_text(path.read_text("utf-8").replace('"name": "gpt2"', '"name": "../../etc"'))


REFUSED: list[tuple[Change, str, str]] = [
    (other_weights, "other_model", "model.safetensors differs"),
    (other_tokenizer, "other_model", "tokenizer.json differs"),
    (other_settings, "other_model", "neural-lab models pull PATH/TO/roberta"),
    (removed, "not_pulled", "neural-lab models pull PATH/TO/roberta"),
    (other_window, "other_scorer", "another language model"),
    (other_limit, "other_encoder", "another encoder"),
    (other_backend, "no_bundle", "no complete detector"),
    (elsewhere, "no_bundle", "no complete detector"),
]


@pytest.mark.parametrize(("change", "code", "says"), REFUSED, ids=[each[0].__name__ for each in REFUSED])
def test_another_model_than_the_calibrated_one_is_refused(
    bundle: Path, change: Change, code: str, says: str
) -> None:
    change(bundle, bundle.parent / "home" / "models")
    with pytest.raises(ModelUnavailable) as refusal:
        open_lab(bundle)
    assert refusal.value.code == code
    assert says in refusal.value.message


def test_another_precision_is_refused(bundle: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NEURAL_LAB_DTYPE", "bfloat16")
    with pytest.raises(ModelUnavailable, match="NEURAL_LAB_DTYPE=float32") as refusal:
        open_lab(bundle)
    assert refusal.value.code == "other_precision"
    monkeypatch.setenv("NEURAL_LAB_DTYPE", "float32")
    assert "torch-float32-cpu" in Bundle(bundle).scorer().identity


@pytest.mark.parametrize("setting", ["NEURAL_LAB_DTYPE", "NEURAL_LAB_DEVICE"])
def test_settings_that_mean_nothing_are_refused(
    bundle: Path, setting: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(setting, "tpu8")
    with pytest.raises(InvalidRequest, match=setting):
        open_lab(bundle)
    # The embedded detector has no use for them.
    assert open_lab(EMBEDDED).detector.name == "embedded"


def test_a_precision_that_agrees_is_allowed(
    made: Path, bundle: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    data = ("--data", made / "plain.jsonl", "--dtype", "float16", "--texts", 50)
    found = shown("train", "agreement", bundle, *data, "--json")
    assert (found["texts"], found["within"], found["calibrated"]) == (50, True, ["float32"])
    assert 0 < found["mean"] <= found["largest"] <= 0.02
    noted = Bundle(bundle).manifest["agrees"]["float16"]
    assert noted == {name: found[name] for name in ("texts", "largest", "mean", "limit")}
    text = Document(human(150))
    own = open_lab(bundle)
    monkeypatch.setenv("NEURAL_LAB_DTYPE", "float16")
    other = open_lab(bundle)
    apart = abs(other.analyze(text).probability - own.analyze(text).probability)
    assert 0 < apart <= 0.02
    assert own.identity != other.identity
    monkeypatch.setenv("NEURAL_LAB_DTYPE", "bfloat16")
    with pytest.raises(ModelUnavailable):
        open_lab(bundle)


def test_a_precision_that_does_not_agree_binds(
    made: Path, bundle: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With a limit that no rounding keeps; what was noted before goes."""
    manifest = json.loads((bundle / MANIFEST).read_text("utf-8"))
    noted = {"texts": 200, "largest": 0.01, "mean": 0.001, "limit": 0.02}
    (bundle / MANIFEST).write_text(json.dumps(manifest | {"agrees": {"float16": noted, "bfloat16": noted}}))
    monkeypatch.setattr("neural_lab.training.agreement.AGREEMENT", 1e-9)
    data = ("--data", made / "plain.jsonl", "--dtype", "float16", "--texts", 50)
    result = run("train", "agreement", bundle, *data)
    assert result.exit_code == 1, result.output
    assert "bound to its own precision" in result.stdout
    assert set(Bundle(bundle).manifest["agrees"]) == {"bfloat16"}


def test_agreement_has_to_make_sense(made: Path, bundle: Path, tmp_path: Path) -> None:
    data = ("--data", made / "texts.jsonl")
    for folder, options in ((bundle, ("float32",)), (EMBEDDED, ("bfloat16",)), (bundle, ("int8",))):
        assert run("train", "agreement", folder, *data, "--dtype", *options).exit_code == 2
    plain = tmp_path / "plain.csv"
    plain.write_text("text\nOne text.\nAnother text.\nA third text.\nOne text.\n", "utf-8")
    result = run("train", "agreement", bundle, "--data", plain, "--dtype", "bfloat16")
    assert result.exit_code == 2
    assert "there are 3" in result.output


def test_models_of_another_kind_are_refused(made: Path, bundle: Path, tmp_path: Path) -> None:
    for names in ({"scorer": "roberta"}, {"encoder": "gpt2"}, {"scorer": "nobody/knows"}):
        with pytest.raises(LabError, match=r"roberta|gpt2|nobody/knows"):
            place_models(EMBEDDED, tmp_path / "draft", Pair(names, "torch"))
    for options in (("--scorer", "gpt2", "--backend", "onnx", "--dtype", "float16"), ("--dtype", "float16")):
        places = ("--data", made / "texts.jsonl", "--out", tmp_path / "out")
        assert run("train", "detector", *places, *options).exit_code == 2
    assert bundle


def test_one_large_model_leaves_the_other_as_it_was(bundle: Path, tmp_path: Path) -> None:
    """From the embedded bundle, and from one that already has large ones."""
    place_models(EMBEDDED, tmp_path / "a", Pair({"scorer": "gpt2"}, "torch"))
    assert set(models_in(tmp_path / "a").described) == {"scorer"}
    assert models_in(tmp_path / "a").encoder_identity == Bundle(EMBEDDED).detector().encoder
    place_models(bundle, tmp_path / "b", Pair({"encoder": "roberta"}, "torch", Computing(dtype="bfloat16")))
    found = models_in(tmp_path / "b")
    assert {kind: model.precision for kind, model in found.described.items()} == {
        "scorer": "float32",
        "encoder": "bfloat16",
    }
    assert found.scorer_identity == Bundle(bundle).detector().scorer
    assert not np.any(found.second().head.weight)
    place_models(bundle, tmp_path / "c", Pair())
    assert models_in(tmp_path / "c").described == Bundle(bundle).models.described
    # Its head has learnt from texts that the next training may hold out.
    assert not np.any(models_in(tmp_path / "c").second().head.weight)
    assert np.any(Bundle(bundle).second().head.weight)


def test_opinions_do_not_come_from_a_head_that_learnt_the_texts(bundle: Path, tmp_path: Path) -> None:
    """Whatever the head of the bundle says of them makes no difference."""
    records = [
        Record(kind(at), label, "s", "", "", "", "", str(at), "r")
        for label, kind in KINDS
        for at in range(EACH)
    ]
    told = (records, bundle, Sources.read(), tmp_path / "runs")
    said = without_them(*told)
    head = json.loads((bundle / "head.json").read_text("utf-8"))
    (bundle / "head.json").write_text(json.dumps(head | {"weight": [0.0] * len(head["weight"])}), "utf-8")
    assert without_them(*told) == said
    assert len(list((tmp_path / "runs").glob("measured-*.npz"))) == 1


def test_exported_models_become_files_of_the_bundle(
    made: Path, exports: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What they say is what PyTorch says; another way to read them is another model."""
    monkeypatch.setenv("NEURAL_LAB_HOME", str(made / "home"))
    draft, referred = tmp_path / "draft", models_in(made / "bundle")
    with pytest.raises(ModelUnavailable, match="neural-lab models export gpt2"):
        place_models(EMBEDDED, draft, Pair({"scorer": "gpt2"}, "onnx"))
    text = machine(7)
    columns, states = referred.scorer().score([text])[0], read_alone(referred, text)
    monkeypatch.setenv("NEURAL_LAB_HOME", str(exports))
    place_models(EMBEDDED, draft, Pair({"scorer": "gpt2", "encoder": "roberta"}))
    monkeypatch.setenv("NEURAL_LAB_HOME", str(tmp_path))  # A bundle of these needs nothing beside itself.
    found = models_in(draft)
    assert found.scorer_identity.startswith("onnx-float32:")
    assert np.allclose(found.scorer(1).score([text])[0].logprob, columns.logprob, atol=1e-3)
    assert np.allclose(read_alone(found, text), states, atol=1e-3)
    path = draft / MANIFEST
    path.write_text(path.read_text("utf-8").replace('"context": 12', '"context": 20'), "utf-8")
    assert models_in(draft).scorer_identity != found.scorer_identity
    assert models_in(draft).encoder_identity == found.encoder_identity


def read_alone(models: Models, text: str) -> np.ndarray:
    encoder = models.encoder(1)
    return encoder.encode([encoder.tokens([text])])[0].vectors


def test_exported_models_are_measured_in_processes(
    exports: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As the models that they came from are measured in one."""
    monkeypatch.setenv("NEURAL_LAB_HOME", str(exports))
    parts = []
    for backend in ("onnx", "torch"):
        draft, pair = tmp_path / backend, Pair.of("gpt2", "roberta", backend)
        place_models(EMBEDDED, draft, pair)
        second = dict.fromkeys((0, 1), draft)
        parts.append(
            measure_states(draft, second, "some", some, tmp_path / "runs", pair.measuring, states=True)
        )
    (own, states), (other, other_states) = parts
    assert states
    assert other_states
    assert np.allclose(states.vectors, other_states.vectors, atol=1e-3)
    assert np.allclose(own.signals, other.signals, atol=0.01, equal_nan=True)
    assert len(list((tmp_path / "runs").glob("measured-*.npz"))) == 2


def some() -> list[Example]:
    records = [
        Record(kind(at), label, "s", "", "", "", "", str(at), "r")
        for label, kind in KINDS
        for at in range(12)
    ]
    return [replace(each, fold=each.label) for each in user_examples(records, Sources.read())]
