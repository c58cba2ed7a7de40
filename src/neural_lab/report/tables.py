"""Tables and lists for the terminal."""

from __future__ import annotations

from collections.abc import Sequence

from rich.console import RenderableType
from rich.table import Table
from rich.text import Text


def table(columns: Sequence[str], title: str | None = None) -> Table:
    """An empty table whose cells are folded where they are too wide."""
    made = Table(title=title, title_justify="left", title_style="bold")
    for column in columns:
        made.add_column(column, overflow="fold")
    return made


def bullets(lines: Sequence[str]) -> RenderableType:
    made = Table.grid(padding=(0, 1))
    for text in lines:
        made.add_row("•", Text(text))
    return made
