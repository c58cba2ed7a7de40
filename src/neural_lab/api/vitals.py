"""What a worker needs, and whether it works."""

from __future__ import annotations

import secrets
from typing import TypeAlias

from neural_lab.api.worker import Worker
from neural_lab.errors import StoreUnavailable
from neural_lab.ports import Cache

Vitals: TypeAlias = dict[str, bool]
PROBE = secrets.token_bytes(32)
"""Of each process its own: others ask the same cache, and would read what this one wrote."""


def vitals(worker: Worker) -> Vitals:
    """Asks store and cache."""
    return {
        "model": worker.serving is not None,
        "champion": not worker.behind,
        "store": _store(worker),
        "cache": _cache(worker),
        "memory": not worker.full,
    }


def _cache(worker: Worker) -> bool:
    """Whether the cache that others share still knows what it was told; one in this process does."""
    back: Cache | None = getattr(worker.cache, "back", None)
    if back is None:
        return True
    told = secrets.token_bytes(8)
    back.put({PROBE: told})
    return back.get([PROBE]) == [told]


def _store(worker: Worker) -> bool:
    try:
        worker.store.ping()
    except StoreUnavailable:
        return False
    return True
