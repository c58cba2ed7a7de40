"""Which device, how precisely; and nobody who does not ask for PyTorch gets it."""

from __future__ import annotations

import subprocess
import sys

import pytest
from helpers import needed

torch = needed("torch")
needed("transformers")

from neural_lab.backends.torch_device import device_named, dtype_named, present
from neural_lab.errors import InvalidRequest, ModelUnavailable

CPU, CARD, APPLE = torch.device("cpu"), torch.device("cuda:0"), torch.device("mps")


def a_card(monkeypatch: pytest.MonkeyPatch, capability: tuple[int, int] = (8, 0), cards: int = 1) -> None:
    """What PyTorch would say of a card, where there is none to ask."""
    monkeypatch.setattr(torch.cuda, "is_available", lambda: cards > 0)
    monkeypatch.setattr(torch.cuda, "device_count", lambda: cards)
    monkeypatch.setattr(torch.cuda, "get_device_capability", lambda device: capability)


def test_the_first_device_that_is_there_is_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    a_card(monkeypatch, cards=2)
    monkeypatch.setattr(torch.backends.mps, "is_available", lambda: True)
    assert present() == ["cuda:0", "cuda:1", "mps", "cpu"]
    assert device_named() == device_named("cuda") == CARD
    assert [device_named(name) for name in ("cuda:1", "mps", "cpu")] == [torch.device("cuda:1"), APPLE, CPU]
    a_card(monkeypatch, cards=0)
    assert device_named() == APPLE
    monkeypatch.setattr(torch.backends.mps, "is_available", lambda: False)
    assert device_named() == CPU


def test_a_device_that_is_not_there_is_refused_with_those_that_are(monkeypatch: pytest.MonkeyPatch) -> None:
    a_card(monkeypatch, cards=1)
    monkeypatch.setattr(torch.backends.mps, "is_available", lambda: False)
    for name in ("cuda:1", "mps"):
        with pytest.raises(ModelUnavailable, match="cuda:0, cpu") as failure:
            device_named(name)
        assert failure.value.code == "no_device"


@pytest.mark.parametrize("name", ["", "gpu", "CUDA", "cuda:", "cuda:x", "cpu:0", "meta", "cuda:1\n"])
def test_a_name_that_means_nothing_is_refused(name: str) -> None:
    with pytest.raises(InvalidRequest, match="cuda:NUMBER"):
        device_named(name)


def test_half_precision_is_for_cards_and_bfloat16_for_what_was_made_in_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    a_card(monkeypatch)
    assert dtype_named(CARD) == dtype_named(CARD, native=torch.float32) == torch.float16
    assert dtype_named(CARD, native=torch.bfloat16) == torch.bfloat16
    for device in (CPU, APPLE):
        assert dtype_named(device, native=torch.bfloat16) == torch.float32
        assert dtype_named(device, "float16") == torch.float16
    assert dtype_named(CARD, "float32", torch.bfloat16) == torch.float32


def test_an_older_card_has_no_bfloat16(monkeypatch: pytest.MonkeyPatch) -> None:
    a_card(monkeypatch, (7, 5))
    assert dtype_named(CARD, native=torch.bfloat16) == torch.float16
    for wanted in ("bfloat16", "float64", "half"):
        with pytest.raises(InvalidRequest) as failure:
            dtype_named(CARD, wanted)
        assert failure.value.code == "dtype"


def test_nobody_gets_pytorch_who_does_not_ask_for_it() -> None:
    program = (
        "import sys, neural_lab, neural_lab.compose, neural_lab.service, neural_lab.cli, neural_lab.memory;"
        "import neural_lab.backends.large, neural_lab.backends.callable_encoder;"
        "neural_lab.memory.measured();"
        "print({'torch', 'transformers', 'huggingface_hub'} & {*sys.modules})"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    assert done.stdout.strip() == "set()", done.stderr


def test_without_pytorch_a_large_model_says_what_to_install() -> None:
    program = (
        "import sys; from importlib.abc import MetaPathFinder\n"
        "sys.modules['transformers'] = None\n"
        "from neural_lab.backends import large\n"
        "from neural_lab.errors import ModelUnavailable\n"
        "try: large.open_scorer(large.Large('.'))\n"
        "except ModelUnavailable as error: print(error.code, error.message)"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    assert done.stdout.startswith("no_torch transformers is not installed"), done.stderr
