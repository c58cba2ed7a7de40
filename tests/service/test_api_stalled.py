"""While the database hangs, whoever needs it waits, and nobody else."""

from __future__ import annotations

import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import postgres_server
import pytest
from asking import Site, site, without_detector
from helpers import needed
from stalling import Way

needed("fastapi")

TEXT = "The bus was late, so I walked home along the river and over the old bridge to the mill. "
DRAFT = "3f0f9a52-7d0c-4a43-9a8e-0b5c7a1d2e3f"
ASKING: list[tuple[str, str, Any]] = [
    ("GET", "/v1/history", None),
    ("GET", "/v1/history?search=river", None),
    ("GET", "/v1/history/export", None),
    ("GET", "/v1/history/1", None),
    ("DELETE", "/v1/history/1", None),
    ("DELETE", "/v1/history", None),
    ("GET", "/v1/library", None),
    ("GET", "/v1/library/stats", None),
    ("GET", "/v1/library/1", None),
    ("POST", "/v1/library", {"sources": [{"text": TEXT}]}),
    ("DELETE", "/v1/library/1", None),
    ("POST", "/v1/audit", {"text": TEXT}),
    ("POST", "/v1/fingerprints", {"fingerprints": [TEXT]}),
    ("GET", "/v1/preferences", None),
    ("PUT", "/v1/preferences", {}),
    ("PATCH", "/v1/preferences", {}),
    ("GET", "/v1/disputes", None),
    ("PATCH", "/v1/disputes/1", {"training_consent": False}),
    ("DELETE", "/v1/disputes/1", None),
    ("GET", "/v1/review/disputes", None),
    ("POST", "/v1/review/disputes/1", {"decision": "accepted"}),
    ("GET", "/v1/trails", None),
    ("POST", f"/v1/trails/{DRAFT}", {"text": TEXT}),
    ("GET", f"/v1/trails/{DRAFT}", None),
    ("GET", "/v1/export", None),
    ("GET", "/v1/jobs", None),
    ("GET", "/v1/jobs/1", None),
    ("GET", "/v1/jobs/1/events", None),
    ("GET", "/health", None),
]


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Site, Way]]:
    with postgres_server.database() as url, pytest.MonkeyPatch.context() as patch:
        way = Way(url)
        patch.setenv("NEURAL_LAB_HOME", str(tmp_path_factory.mktemp("stalled")))
        patch.setenv("NEURAL_LAB_STORE", way.url)
        without_detector(patch)
        with site() as lab:
            yield lab, way
        way.close()


@pytest.mark.parametrize(("method", "path", "body"), ASKING)
def test_probes_are_answered_while_somebody_waits(
    served: tuple[Site, Way], method: str, path: str, body: Any
) -> None:
    lab, way = served
    with ThreadPoolExecutor(2) as pool:
        with way.held():
            waiting = pool.submit(lab.ask, method, path, body)
            time.sleep(0.1)
            begun = time.perf_counter()
            probe = pool.submit(lab.ask, "GET", "/livez")
            assert probe.result(3).status == 200
            assert time.perf_counter() - begun < 1
            assert not waiting.done()
        assert waiting.result(30).status in (200, 201, 404, 503)
