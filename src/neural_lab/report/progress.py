"""Progress on standard error, where a person is looking at it."""

import sys
from collections.abc import Iterable, Iterator
from operator import length_hint
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
    """`items`, with a bar while they are worked on; nothing where standard error is no terminal.

    A single item has no parts to count: its bar only moves and tells the time.
    """
    target = console(sys.stderr)
    known = total or length_hint(items) or None
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    later = () if known == 1 else (TimeRemainingColumn(),)
    quiet = not target.is_terminal
    with Progress(*columns, *later, console=target, transient=True, disable=quiet) as progress:
        task = progress.add_task(label, total=None if known == 1 else known)
        for item in items:
            yield item
            progress.advance(task)
