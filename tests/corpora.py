"""Small corpora, and what `neural-lab score` made of them."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

from loads import text

ROWS = 40
"""Of the corpus that several ways of scoring are compared on."""


def write_rows(path: Path, count: int, sentences: int = 8) -> Path:
    """A file of JSON lines, no two texts the same."""
    rows = (json.dumps({"id": n, "text": text(n, sentences)}) + "\n" for n in range(count))
    with path.open("w") as file:
        file.writelines(rows)
    return path


def start(*arguments: object) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "neural_lab", "score", *map(str, arguments)]
    environment = {**os.environ, "OMP_NUM_THREADS": "1"}
    return subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE)


def scored(*arguments: object, code: int = 0) -> dict[str, Any]:
    """The summary of a run in a process of its own."""
    process = start(*arguments, "--json")
    out, errors = process.communicate()
    assert process.returncode == code, errors.decode()
    summary: dict[str, Any] = json.loads(out)
    return summary


def parts(folder: Path) -> dict[str, bytes]:
    """Files of parts by name."""
    return {path.name: path.read_bytes() for path in sorted(folder.glob("part-*"))}


def answers(folder: Path) -> list[dict[str, Any]]:
    """All rows of a folder of JSON lines, in order."""
    return [json.loads(line) for content in parts(folder).values() for line in content.splitlines()]
