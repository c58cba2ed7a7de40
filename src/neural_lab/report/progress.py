"""Progress on standard error, where a person is looking at it."""

import sys
from collections.abc import Iterable, Iterator
from typing import TypeVar

from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    TextColumn,
    TimeElapsedColumn,
    TimeRemainingColumn,
)

from neural_lab.report.streams import console

T = TypeVar("T")


def watched(items: Iterable[T], label: str, total: int | None = None) -> Iterator[T]:
    """`items`, with a bar while they are worked on; nothing where standard error is no terminal."""
    target = console(sys.stderr)
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    times = (TimeElapsedColumn(), TimeRemainingColumn())
    with Progress(
        *columns, *times, console=target, transient=True, disable=not target.is_terminal
    ) as progress:
        yield from progress.track(items, total=total, description=label)
