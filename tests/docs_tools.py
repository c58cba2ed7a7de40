"""The tools that make pages of the docs, for their tests."""

from __future__ import annotations

import importlib
import sys
from pathlib import Path
from typing import Any

from helpers import needed

ROOT = Path(__file__).parents[1]


def tool(name: str) -> Any:
    """A module of `tools`; the reference needs what the service needs."""
    needed("fastapi", "docs")
    needed("pydantic_settings", "docs")
    if str(ROOT / "tools") not in sys.path:
        sys.path.insert(0, str(ROOT / "tools"))
    return importlib.import_module(name)
