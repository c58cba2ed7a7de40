"""The deployment of Ray Serve answers as the plain service does."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import pytest
from helpers import needed
from loads import text
from redis_server import until
from serving import CUT, WITHOUT_LIMITS, Service, ask, service

ROOT = Path(__file__).parents[2]
READY, STOPPED = 240, 60
"""Seconds: eleven processes start, on a computer that may have better things to do."""
pytestmark = pytest.mark.timeout(600)
QUIET = {
    "RAY_USAGE_STATS_ENABLED": "0",
    "RAY_ENABLE_WINDOWS_OR_OSX_CLUSTER": "0",
    "RAY_DEFAULT_OBJECT_STORE_MAX_MEMORY_BYTES": str(200 << 20),
    "RAY_SERVE_PROXY_READY_CHECK_TIMEOUT_S": "120",
}
DOCUMENT = {"text": text(1, 12), "title": "Days"}
REQUESTS: tuple[tuple[str, str, Any], ...] = (
    ("POST", "/detect", {"texts": [text(2, 9), text(3, 2)]}),
    ("POST", "/v1/detect", {"documents": [DOCUMENT]}),
    ("POST", "/v1/detect", {"documents": [{"text": " "}]}),
    ("POST", "/v1/compare", {"documents": [DOCUMENT, DOCUMENT]}),
    ("GET", "/v1/detectors", None),
    ("GET", "/v1/nothing", None),
    ("POST", "/detect", {"texts": "one"}),
)
OWN = {"request_id", "id", "milliseconds", "created", "since", "took", "processing_time_ms"}
"""Fields that differ from one request to the next."""


def test_it_answers_as_the_plain_service_does(tmp_path: Path) -> None:
    needed("ray")
    with service(tmp_path / "plain", **WITHOUT_LIMITS) as plain, on_ray(tmp_path / "ray") as port:
        statuses = list[int]()
        for method, path, body in REQUESTS:
            one, two = ask(plain.port, method, path, body), ask(port, method, path, body)
            statuses.append(one.status)
            assert (one.status, timeless(one.json)) == (two.status, timeless(two.json)), path
            assert one.headers["content-type"] == two.headers["content-type"]
    assert {200, 404, 422} <= set(statuses)
    assert statuses.count(200) >= 4


def timeless(answer: Any) -> Any:
    """An answer without what only holds for one request."""
    if isinstance(answer, list):
        return [timeless(each) for each in answer]
    if not isinstance(answer, dict):
        return answer
    return {name: timeless(value) for name, value in answer.items() if name not in OWN}


@contextmanager
def on_ray(folder: Path) -> Iterator[int]:
    """The port of `deploy/ray-serve.yaml` with two replicas; nothing of it is left running."""
    psutil = needed("psutil")
    program = shutil.which("serve", path=str(Path(sys.executable).parent))
    assert program, "Ray Serve is installed without its command"
    folder.mkdir()
    settings = Service(folder, {f"NEURAL_LAB_{name}": value for name, value in WITHOUT_LIMITS.items()})
    written = (ROOT / "deploy" / "ray-serve.yaml").read_text().replace("port: 8000", f"port: {settings.port}")
    (folder / "serve.yaml").write_text(written.replace("min_replicas: 1", "min_replicas: 2"))
    with (folder / "log").open("ab") as log:
        command = [program, "run", str(folder / "serve.yaml")]
        process = subprocess.Popen(command, env=settings.environment | QUIET, stdout=log, stderr=log)
    try:
        until(lambda: ready(process, settings.port, folder / "log"), READY)
        yield settings.port
    finally:
        left = psutil.Process(process.pid).children(recursive=True) if process.poll() is None else []
        process.send_signal(signal.SIGTERM)
        with suppress(subprocess.TimeoutExpired):
            process.wait(STOPPED)
        for each in psutil.wait_procs(left, 10)[1]:
            with suppress(psutil.NoSuchProcess):
                os.kill(each.pid, signal.SIGKILL)
        process.kill()
        process.wait()


def ready(process: subprocess.Popen[bytes], port: int, log: Path) -> bool:
    assert process.poll() is None, log.read_text()[-3000:]
    with suppress(*CUT, socket.timeout):
        return ask(port, "GET", "/readyz").status == 200
    return False
