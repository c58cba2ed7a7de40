"""Whoever is promoted next is taken at once, whatever could not be loaded before."""

from __future__ import annotations

from pathlib import Path

from api_client import in_process
from helpers import needed
from kept_detectors import bundle, damage

for module in ("fastapi", "structlog", "prometheus_client"):
    needed(module)

from neural_lab.api.succession import Succession
from neural_lab.detectors.registry import Registry


def test_the_installed_detector_is_taken_soon_after_another_one_failed(home: Path, tmp_path: Path) -> None:
    registry = Registry()
    good, broken = (registry.add(bundle(tmp_path / name, name)) for name in ("good.1", "broken.2"))
    registry.promote(good)
    with in_process(home, detector_seconds=0, threads=1) as client:
        worker = client.app.state.worker
        succession = Succession(worker)
        assert worker.answering().version == good
        registry.promote(broken)
        damage(registry.folder / broken)
        succession._look()
        assert (worker.answering().version, worker.behind) == (good, True)
        registry.rollback()
        succession._look()
        assert (worker.answering().version, worker.behind) == (good, False)
        registry.promote("")
        succession._look()
        assert (worker.answering().version, worker.behind) == ("", False)
