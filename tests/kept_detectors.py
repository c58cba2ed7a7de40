"""Bundles that differ from the embedded one in their version alone."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

from neural_lab.backends.bundle import DETECTOR, seal
from neural_lab.compose import EMBEDDED


def bundle(place: Path, version: str, bias: float = 0.0) -> Path:
    """A copy of the embedded detector, sealed under another version, and its log-odds moved by `bias`."""
    shutil.copytree(EMBEDDED, place, ignore=shutil.ignore_patterns("pictures"))
    values = json.loads((place / DETECTOR).read_text("utf-8"))
    values["fusion"]["bias"] += bias
    (place / DETECTOR).write_text(json.dumps({**values, "version": version}), "utf-8")
    seal(place)
    return place


def damage(folder: Path, name: str = "ensemble.onnx") -> None:
    """One byte of a file is another one."""
    content = bytearray((folder / name).read_bytes())
    content[len(content) // 2] ^= 1
    (folder / name).write_bytes(content)
