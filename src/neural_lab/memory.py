"""How much memory this process takes."""

import sys
from collections.abc import Callable
from threading import Lock
from time import monotonic
from typing import Any

import psutil

FRESH = 1.0  # Seconds.


Bytes = dict[str, int]


class MemoryMonitor:
    """Measures at most once a second, so that it may be asked before every request."""

    def __init__(
        self, measure: Callable[[], Bytes] | None = None, now: Callable[[], float] = monotonic
    ) -> None:
        self._measure, self._now, self._lock = measure or measured, now, Lock()
        self._latest: tuple[float, Bytes] | None = None

    def read(self) -> Bytes:
        """By name, as `measured` has them."""
        with self._lock:
            now = self._now()
            if self._latest is None or now - self._latest[0] >= FRESH:
                self._latest = now, self._measure()
            return self._latest[1]

    def over(self, soft_limit_bytes: int) -> bool:
        """Whether more is resident; 0 stands for no limit."""
        return 0 < soft_limit_bytes < self.read()["rss"]


def measured() -> Bytes:
    """`rss` and `vms` of this process, `gpu_allocated` and `gpu_reserved` on all GPUs where it uses any.

    On Apple's, what the driver holds for this process counts as reserved.
    """
    found = psutil.Process().memory_info()
    return {"rss": int(found.rss), "vms": int(found.vms), **_gpus()}


def _gpus() -> Bytes:
    """Empty where PyTorch has not been using them: neither is started for this."""
    torch = sys.modules.get("torch")
    # Another thread may just be importing it, so that not all is there.
    return _cuda(getattr(torch, "cuda", None)) or _mps(getattr(torch, "mps", None))


def _cuda(cuda: Any) -> Bytes:
    if cuda is None or not cuda.is_initialized():
        return {}
    devices = range(cuda.device_count())
    read = {"gpu_allocated": cuda.memory_allocated, "gpu_reserved": cuda.memory_reserved}
    return {name: sum(map(ask, devices)) for name, ask in read.items()}


def _mps(mps: Any) -> Bytes:
    """Empty until something lies there: nothing else tells that it is in use."""
    if mps is None or not mps.device_count() or not mps.driver_allocated_memory():
        return {}
    allocated, driver = mps.current_allocated_memory(), mps.driver_allocated_memory()
    return {"gpu_allocated": int(allocated), "gpu_reserved": int(driver)}
