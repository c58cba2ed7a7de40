"""Counts what came from a cache and what had to be computed, in one context."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from threading import Lock


class Trace:
    """Parts that a cache had, and parts that were `missed` and given to a model."""

    def __init__(self) -> None:
        self._lock = Lock()
        self.found = self.missed = 0

    def add(self, found: int, missed: int) -> None:
        with self._lock:
            self.found += found
            self.missed += missed


_current: ContextVar[Trace | None] = ContextVar("cache_trace", default=None)


@contextmanager
def tracing() -> Iterator[Trace]:
    """Count what is looked up in this context; blocks within count for those around them too.

    A new thread starts outside, unless it runs in a copy of the context.
    """
    outer, trace = _current.get(), Trace()
    token = _current.set(trace)
    try:
        yield trace
    finally:
        _current.reset(token)
        if outer:
            outer.add(trace.found, trace.missed)


def count(found: int, missed: int) -> None:
    """Tell the innermost trace, if there is one."""
    if trace := _current.get():
        trace.add(found, missed)
