"""The service as it is run: a process of its own, asked over HTTP."""

from __future__ import annotations

import http.client
import json
import os
import signal
import socket
import ssl
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from helpers import needed, says_when_to_come_back
from redis_server import until

WITHOUT_LIMITS = {
    "DETECT_RATE": "1000000/60",
    "RATE": "1000000/60",
    "CHARACTER_RATE": "900000000/60",
}
CUT = (OSError, http.client.HTTPException)


@dataclass(frozen=True)
class Answer:
    status: int
    headers: Mapping[str, str]
    body: bytes
    cookies: str
    """As they are sent back."""

    @property
    def json(self) -> Any:
        return json.loads(self.body)


class Client:
    """Keeps its connection; what fails is for the caller to see, and the next request connects again."""

    def __init__(self, port: int, source: str = "", tls: bool = False, timeout: float = 30) -> None:
        options: dict[str, Any] = {"timeout": timeout, "source_address": (source, 0) if source else None}
        self._connection = http.client.HTTPConnection("127.0.0.1", port, **options)
        if tls:
            context = ssl._create_unverified_context()
            self._connection = http.client.HTTPSConnection("127.0.0.1", port, context=context, **options)

    def ask(self, method: str, path: str, body: Any = None, **headers: str) -> Answer:
        given = {name.replace("_", "-"): value for name, value in headers.items()}
        data = None if body is None else json.dumps(body)
        if data is not None:
            given["content-type"] = "application/json"
        try:
            self._connection.request(method, path, data, given)
            answer = self._connection.getresponse()
            pairs = [(name.lower(), value) for name, value in answer.getheaders()]
            says_when_to_come_back(answer.status, dict(pairs))
            cookies = [value.partition(";")[0] for name, value in pairs if name == "set-cookie"]
            return Answer(answer.status, dict(pairs), answer.read(), "; ".join(cookies))
        except CUT:
            self.close()
            raise

    def close(self) -> None:
        self._connection.close()


def ask(
    port: int,
    method: str,
    path: str,
    body: Any = None,
    *,
    source: str = "",
    tls: bool = False,
    **headers: str,
) -> Answer:
    """One request on a connection of its own, from another address of this machine if need be."""
    with closing(Client(port, source, tls)) as client:
        return client.ask(method, path, body, **headers)


class Service:
    """`neural-lab serve` with `settings`; what it logs lies in its folder."""

    def __init__(self, folder: Path, settings: Mapping[str, str]) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        kept = {name: value for name, value in os.environ.items() if not name.startswith("NEURAL_LAB_")}
        self.port, self.log = _free_port(), folder / "log"
        self.environment = {**kept, "NEURAL_LAB_HOME": str(folder), **settings}
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        command = [sys.executable, "-m", "neural_lab", "serve", "--port", str(self.port)]
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(command, env=self.environment, stdout=log, stderr=log)
        until(self.ready, 60)

    def stop(self, seconds: float = 20) -> float:
        """Ask it to stop, and say how long that took; it may not take longer than `seconds`."""
        assert self.process
        begun = time.monotonic()
        self.process.send_signal(signal.SIGTERM)
        self.process.wait(seconds)
        self.process = None
        return time.monotonic() - begun

    def kill(self) -> None:
        if self.process:
            for worker in self.workers() if self.process.poll() is None else []:
                with suppress(ProcessLookupError):
                    os.kill(worker, signal.SIGKILL)
            self.process.kill()
            self.process.wait()
            self.process = None

    def ready(self) -> bool:
        assert self.process
        assert self.process.poll() is None, self.log.read_text()[-3000:]
        with suppress(*CUT):
            return ask(self.port, "GET", "/readyz").status == 200
        return False

    def workers(self) -> list[int]:
        """Processes that were started to answer requests."""
        import psutil

        assert self.process
        found = []
        for each in psutil.Process(self.process.pid).children():
            with suppress(psutil.Error):
                if "resource_tracker" not in " ".join(each.cmdline()):
                    found.append(each.pid)
        return found


@contextmanager
def service(folder: Path, **settings: str) -> Iterator[Service]:
    """A service that is ready; whatever happens, nothing of it is left running."""
    for module in ("uvicorn", "psutil"):
        needed(module)
    served = Service(folder, {f"NEURAL_LAB_{name}": value for name, value in settings.items()})
    try:
        served.start()
        yield served
    finally:
        served.kill()


def _free_port() -> int:
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        return int(listening.getsockname()[1])
