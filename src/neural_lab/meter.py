"""How fast a batcher works."""

FADING = 0.9  # Of a batch's weight in the throughput, what is left after the next one.


class Meter:
    """Adds up what batches took. Its owner sees to it that one thread at a time uses it."""

    def __init__(self, threads: int) -> None:
        self._threads = threads
        self.totals: dict[str, float] = {"batches": 0, "items": 0, "size": 0, "seconds": 0.0}
        self._recent_size = self._recent_seconds = 0.0

    def add(self, items: int, size: int, seconds: float) -> None:
        """Count one batch; `size` is that of its items together."""
        taken = {"batches": 1, "items": items, "size": size, "seconds": seconds}
        self.totals = {name: total + taken[name] for name, total in self.totals.items()}
        self._recent_size = FADING * self._recent_size + size
        self._recent_seconds = FADING * self._recent_seconds + seconds

    def estimate(self, size: int) -> float:
        """Seconds that all threads need for `size`, going by the latest batches; 0 before the first."""
        if not self._recent_size:
            return 0.0
        return size * self._recent_seconds / self._recent_size / self._threads
