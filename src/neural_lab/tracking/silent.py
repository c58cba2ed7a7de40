"""No tracking: nothing is kept and nothing is sent."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from neural_lab.tracking.tracker import Plain


class Silent:
    """The `Tracker` and the `Run` of whoever did not ask for one."""

    @contextmanager
    def run(self, kind: str, params: Mapping[str, Plain]) -> Iterator[Silent]:  # noqa: ARG002
        yield self

    def log_params(self, params: Mapping[str, Plain]) -> None:
        pass

    def log_metrics(self, metrics: Mapping[str, float]) -> None:
        pass

    def log_file(self, path: Path, folder: str = "") -> None:
        pass

    def log_folder(self, path: Path, name: str = "") -> None:
        pass

    def set_tag(self, name: str, value: str) -> None:
        pass

    def register(self, digest: str, alias: str) -> None:
        pass

    def knows(self, digest: str) -> bool:  # noqa: ARG002
        return True
