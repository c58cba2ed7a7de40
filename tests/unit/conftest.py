"""Models that several tests open, made once."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from pathlib import Path

import pytest


@pytest.fixture(scope="session")
def large(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Path]:
    """The folder of a small model of a kind of `large_models.BUILDERS`; not to be changed."""
    import torch
    from large_models import save

    # Models this small are read faster by one thread than by threads that wait for each other.
    torch.set_num_threads(1)

    return cache(lambda kind: save(kind, tmp_path_factory.mktemp(kind)))
