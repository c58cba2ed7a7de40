"""A real nginx with the settings in `deploy`, in front of instances on this machine."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from redis_server import free_port, until
from serving import CUT, ask

SETTINGS = Path(__file__).parents[1] / "deploy" / "nginx.conf"
SUBJECT = ("-subj", "/CN=localhost", "-days", "2", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256")


def filled(folder: Path, port: int, instances: Sequence[int]) -> Path:
    """The settings with ports and folders of a test; the rest is as it is deployed."""
    places = iter(instances)
    text = re.sub(r"server lab\d:8000", lambda _: f"server 127.0.0.1:{next(places)}", SETTINGS.read_text())
    for old, new in (
        # First, since the folder may lie there.
        ("/tmp/", f"{folder}/"),
        ("listen 443 ssl", f"listen 127.0.0.1:{port} ssl"),
        ("listen 80;", f"listen 127.0.0.1:{free_port()};"),
        ("/etc/nginx/certs", str(folder)),
        ("worker_processes auto;", "worker_processes 1;"),
    ):
        assert old in text, old
        text = text.replace(old, new)
    assert next(places, None) is None
    certificate(folder)
    made = folder / "nginx.conf"
    # The folder of a test is for its user alone.
    made.write_text(f"user root root;\n{text}" if os.geteuid() == 0 else text)
    return made


def certificate(folder: Path) -> None:
    pair = ("-keyout", folder / "privkey.pem", "-out", folder / "fullchain.pem")
    command = [_program("openssl"), "req", "-x509", "-nodes", *pair, *SUBJECT]
    subprocess.run(command, check=True, capture_output=True)


def checked(settings: Path) -> None:
    """Fails with what nginx says of its settings, if it says anything against them."""
    command = [_program("nginx"), "-t", "-q", "-c", settings, "-p", settings.parent]
    found = subprocess.run(command, capture_output=True, text=True)
    assert found.returncode == 0, found.stderr


@contextmanager
def balancer(folder: Path, instances: Sequence[int]) -> Iterator[int]:
    """The port of an nginx in front of the instances."""
    port = free_port()
    settings = filled(folder, port, instances)
    checked(settings)
    command = [_program("nginx"), "-c", settings, "-p", folder, "-g", "daemon off;"]
    with (folder / "nginx.log").open("ab") as log:
        process = subprocess.Popen(command, stdout=log, stderr=log)
    try:
        until(lambda: _answers(port))
        yield port
    finally:
        process.terminate()
        process.wait(20)


def _answers(port: int) -> bool:
    try:
        return ask(port, "GET", "/livez", tls=True).status == 200
    except CUT:
        return False


def _program(name: str) -> Any:
    found = shutil.which(name) or shutil.which(name, path="/usr/sbin:/sbin")
    message = f"no {name}: install it"
    return found or (pytest.fail(message) if os.environ.get("CI") else pytest.skip(message))
