"""`neural-lab lab`: one command, and the page is there."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

from redis_server import until
from serving import CUT, ask


def test_it_opens_the_page_in_the_browser_of_this_computer(tmp_path: Path) -> None:
    seen = tmp_path / "seen"
    browser = tmp_path / "browser"
    browser.write_text(f'#!/bin/sh\necho "$1" > {seen}\n')
    browser.chmod(0o755)
    port = free_port()
    home = {"NEURAL_LAB_HOME": str(tmp_path / "home"), "BROWSER": str(browser)}
    environment = {**os.environ, **home, "http_proxy": "http://127.0.0.1:9"}
    command = [sys.executable, "-m", "neural_lab", "lab", "--port", str(port)]
    running = subprocess.Popen(command, env=environment, stderr=subprocess.DEVNULL)
    try:
        until(lambda: seen.exists() and seen.read_text() != "", 60)
        assert seen.read_text().strip() == f"http://127.0.0.1:{port}"
        with suppress(*CUT):
            assert b"/static/js/main.js" in ask(port, "GET", "/").body
    finally:
        running.send_signal(signal.SIGINT)
        running.wait(30)


def free_port() -> int:
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        return int(listening.getsockname()[1])


def test_a_port_that_is_taken_is_said_before_anything_is_opened(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        command = [sys.executable, "-m", "neural_lab", "lab", "--port", port]
        environment = {**os.environ, "NEURAL_LAB_HOME": str(tmp_path)}
        found = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert found.returncode == 2
    assert "choose another with --port" in found.stderr
