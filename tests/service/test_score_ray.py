"""Scoring by Ray: the same bytes as by one computer's own processes, also when a process is killed."""

from __future__ import annotations

import os
import signal
from pathlib import Path

import pytest
from corpora import answers, parts, scored, start, write_rows
from helpers import needed
from loads import SOAK
from redis_server import until

pytestmark = pytest.mark.timeout(7_200 if SOAK else 300)
ROWS, KILLS = (10_000, 5) if SOAK else (60, 1)


def test_one_answer_a_row_whoever_works_and_whoever_is_killed(tmp_path: Path) -> None:
    needed("ray")
    psutil = needed("psutil")
    source, options = write_rows(tmp_path / "in.jsonl", ROWS), ("--part-rows", max(6, ROWS // 200))
    summary = scored(source, "-o", tmp_path / "local", "--replicas", 1, *options)
    out = tmp_path / "ray"
    process = start(source, "-o", out, "--engine", "ray", "--replicas", 2, *options)
    killed: set[int] = set()
    for kill in range(KILLS):
        until(lambda so_far=kill: process.poll() is not None or len(parts(out)) >= 2 + 20 * so_far, 1_800)
        found = [each for each in actors(psutil, process.pid) if each not in killed]
        assert found, process.stderr.read().decode()
        os.kill(found[0], signal.SIGKILL)
        killed.add(found[0])
    _, errors = process.communicate()
    assert process.returncode == 0, errors.decode()
    assert parts(out) == parts(tmp_path / "local")
    assert [answer["id"] for answer in answers(out)] == list(range(ROWS))
    assert (out / "summary.json").read_bytes() == (tmp_path / "local" / "summary.json").read_bytes()
    assert summary["failed"] == 0
    until(lambda: not any(map(psutil.pid_exists, killed)), 30)


def actors(psutil, process: int) -> list[int]:
    """Processes of Ray that score."""
    found = []
    for each in psutil.Process(process).children(recursive=True):
        name = " ".join(each.cmdline()) if each.is_running() else ""
        if name.startswith("ray::_Actor"):
            found.append(each.pid)
    return found
