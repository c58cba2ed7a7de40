"""Memory in the figures of the service, that of graphics cards as well."""

from __future__ import annotations

from pathlib import Path

import pytest
from api_client import in_process

from neural_lab import memory

USED = {"rss": 7 << 20, "vms": 9 << 20, "gpu_allocated": 11 << 20, "gpu_reserved": 13 << 20}


def test_prometheus_is_told_of_memory_on_cards_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(memory, "measured", lambda: USED)
    with in_process(tmp_path / "home", ready=False) as client:
        page = client.get("/metrics").text.splitlines()
    figures = dict(line.rsplit(" ", 1) for line in page if line and not line.startswith("#"))
    for name, bytes_used in USED.items():
        gauge = f"neural_lab_memory_{name}_bytes"
        assert float(figures[gauge]) == bytes_used
        assert f"# TYPE {gauge} gauge" in page
        said = next(line for line in page if line.startswith(f"# HELP {gauge} "))
        assert "process" in said, "it says whose memory it is"


def test_without_a_card_there_is_no_figure_of_one(tmp_path: Path) -> None:
    with in_process(tmp_path / "home", ready=False) as client:
        page = client.get("/metrics").text
    assert "neural_lab_memory_rss_bytes" in page
    assert ("neural_lab_memory_gpu" in page) == ("gpu_allocated" in memory.measured())
