"""The memory of this process: measured rarely, and compared with a limit."""

from __future__ import annotations

import sys
from pathlib import Path
from types import SimpleNamespace

import pytest
from helpers import needed

needed("psutil")

import neural_lab
from neural_lab.memory import MemoryMonitor, measured


def test_this_process_takes_memory() -> None:
    found = measured()
    assert 1_000_000 < found["rss"] < found["vms"]


def test_what_is_asked_often_is_measured_once_a_second() -> None:
    clock, asked = [0.0], []

    def measure() -> dict[str, int]:
        asked.append(clock[0])
        return {"rss": 100 * len(asked), "vms": 1000}

    monitor = MemoryMonitor(measure, lambda: clock[0])
    answers = []
    for clock[0] in (0.0, 0.5, 0.99, 1.0, 1.5, 2.1):
        answers.append(monitor.over(150))
    assert asked == [0.0, 1.0, 2.1]
    assert answers == [False, False, False, True, True, True]
    assert not monitor.over(0)


def test_gpus_count_only_where_they_are_in_use(monkeypatch: pytest.MonkeyPatch) -> None:
    cuda = SimpleNamespace(
        is_initialized=lambda: True,
        device_count=lambda: 2,
        memory_allocated=lambda device: 10 + device,
        memory_reserved=lambda device: 100 + device,
    )
    monkeypatch.setitem(sys.modules, "torch", SimpleNamespace(cuda=cuda))
    assert (measured()["gpu_allocated"], measured()["gpu_reserved"]) == (21, 201)
    cuda.is_initialized = lambda: False
    assert {*measured()} == {"rss", "vms"}
    monkeypatch.delitem(sys.modules, "torch")
    assert {*measured()} == {"rss", "vms"}


def test_the_memory_of_an_apple_counts_once_something_lies_there(monkeypatch: pytest.MonkeyPatch) -> None:
    held = [0]
    mps = SimpleNamespace(
        device_count=lambda: 1,
        current_allocated_memory=lambda: 30,
        driver_allocated_memory=lambda: held[0],
    )
    monkeypatch.setitem(sys.modules, "torch", SimpleNamespace(mps=mps))
    assert {*measured()} == {"rss", "vms"}
    held[0] = 300
    assert (measured()["gpu_allocated"], measured()["gpu_reserved"]) == (30, 300)
    mps.device_count = lambda: 0
    assert {*measured()} == {"rss", "vms"}


def test_memory_of_real_pytorch_can_be_asked_for() -> None:
    torch = needed("torch")
    used = torch.cuda.is_initialized() or torch.mps.device_count() > 0
    assert used or {*measured()} == {"rss", "vms"}


def test_nothing_lets_go_of_the_memory_of_a_card_between_requests() -> None:
    """PyTorch would only have to ask the driver for it again, which stops the card."""
    package = Path(neural_lab.__file__).parent
    assert [path.name for path in package.rglob("*.py") if "empty_cache(" in path.read_text("utf-8")] == []
