"""A bar for bytes on standard error, for work that takes more than a moment."""

from __future__ import annotations

import sys
from time import monotonic

from rich.progress import (
    BarColumn,
    DownloadColumn,
    Progress,
    TextColumn,
    TimeRemainingColumn,
    TransferSpeedColumn,
)

from neural_lab.report.streams import console

PATIENCE = 2.0
"""Seconds before the bar appears."""


class Transfer:
    """A context; nothing is drawn where standard error is no terminal."""

    def __init__(self, label: str, total: int = 0) -> None:
        target = console(sys.stderr)
        columns = (TextColumn("{task.description}"), BarColumn(), DownloadColumn(), TransferSpeedColumn())
        quiet = not target.is_terminal
        self._bar = Progress(*columns, TimeRemainingColumn(), console=target, transient=True, disable=quiet)
        self._task = self._bar.add_task(label, total=total or None)
        self._begun, self._drawn = monotonic(), False

    def __enter__(self) -> Transfer:
        return self

    def __exit__(self, *_: object) -> None:
        if self._drawn:
            self._bar.stop()

    def expect(self, total: int) -> None:
        self._bar.update(self._task, total=total or None)

    def moved(self, count: int) -> None:
        """So many more bytes are done."""
        self._bar.advance(self._task, count)
        if not self._drawn and monotonic() - self._begun > PATIENCE:
            self._bar.start()
            self._drawn = True
