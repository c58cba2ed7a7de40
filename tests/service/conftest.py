"""A small library on disk."""

from __future__ import annotations

from pathlib import Path

import pytest
from command_line import OTHER, PASSAGE, THIRD


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Two sources in a folder, and a document that shares a passage with each."""
    sources = tmp_path / "sources"
    sources.mkdir()
    (sources / "bridge.txt").write_text(f"{PASSAGE} It went on for a long time.\n")
    (sources / "rain.md").write_text(f"# Rain\n\n{OTHER} {THIRD}\n")
    (tmp_path / "essay.txt").write_text(f"I begin alone. {PASSAGE.upper()} So much for that. “{OTHER}”\n")
    return tmp_path
