"""The memory of this process: measured rarely, and compared with a limit."""

from __future__ import annotations

import sys
from types import SimpleNamespace

import pytest
from helpers import needed

needed("psutil")

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
