"""Tables and lists for the terminal."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence

from rich.console import RenderableType
from rich.table import Table
from rich.text import Text

from neural_lab.report.characters import one_line


def table(columns: Sequence[str], title: str | None = None, folded: Collection[str] = ()) -> Table:
    """An empty table; the cells of the columns that are `folded` give way where it is too wide."""
    made = Table(title=title, title_justify="left", title_style="bold")
    for column in columns:
        made.add_column(column, overflow="fold", no_wrap=column not in folded)
    return made


def plain(columns: Sequence[str], rows: Iterable[Sequence[str]], folded: Collection[str] = ()) -> Table:
    """A table without lines, which leaves more room for what is in it."""
    made = Table(box=None, pad_edge=False)
    for column in columns:
        made.add_column(column, overflow="fold", no_wrap=column not in folded)
    for row in rows:
        made.add_row(*(Text(one_line(cell)) for cell in row))
    return made


def bullets(lines: Sequence[str]) -> RenderableType:
    made = Table.grid(padding=(0, 1))
    for text in lines:
        made.add_row("•", Text(text))
    return made
