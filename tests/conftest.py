"""Makes `helpers` importable, keeps every test off the network and away from the user's own data."""

import secrets
import socket
import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))
LOOPBACK = ("127.", "::1", "localhost")


@pytest.fixture(autouse=True)
def _offline(monkeypatch: pytest.MonkeyPatch) -> None:
    """A connection to anywhere but this machine fails: no text may leave it, in a test as in use."""
    connect = socket.socket.connect

    def guarded(self: socket.socket, address: object) -> None:
        host = address[0] if isinstance(address, tuple) else ""
        if self.family in (socket.AF_INET, socket.AF_INET6) and not str(host).startswith(LOOPBACK):
            raise AssertionError(f"a test tried to reach {host}")
        connect(self, address)  # type: ignore[arg-type]

    monkeypatch.setattr(socket.socket, "connect", guarded)


@pytest.fixture(autouse=True)
def home(monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of its own for everything that a test's commands keep; not made yet."""
    folder = tmp_path_factory.getbasetemp() / "homes" / secrets.token_hex(6)
    for name in ("STORE", "KEEP", "KEEP_DAYS"):
        monkeypatch.delenv(f"NEURAL_LAB_{name}", raising=False)
    monkeypatch.setenv("NEURAL_LAB_HOME", str(folder))
    return folder
