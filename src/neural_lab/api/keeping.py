"""Reports go into a history, and those that have been there for long enough leave it."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress

from neural_lab.api.worker import Worker
from neural_lab.backends.clock import utc
from neural_lab.entry import Entry
from neural_lab.errors import StoreUnavailable


def keep(worker: Worker, owner: str, entries: Sequence[Entry]) -> list[int]:
    """The numbers of the entries. What is older than the settings allow is deleted on the way."""
    history = worker.store.history(owner)
    numbers = history.keep(entries)
    if worker.keep_days:
        # These are kept by now: whoever asks must not keep them again because this failed.
        with suppress(StoreUnavailable):
            history.expire(utc(worker.keep_days))
    return numbers
