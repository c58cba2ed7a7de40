"""Every store in turn, with one owner's jobs and the queue of all."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from stores import STORES

from neural_lab.ports import Jobs, Queue, Store


@pytest.fixture(params=[*STORES])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    with STORES[request.param](tmp_path) as opened:
        yield opened


@pytest.fixture
def jobs(store: Store) -> Jobs:
    return store.jobs("me")


@pytest.fixture
def queue(store: Store) -> Queue:
    return store.queue()
