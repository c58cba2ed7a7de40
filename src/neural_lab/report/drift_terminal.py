"""Drift for the terminal."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TextIO

from rich.table import Table
from rich.text import Text

from neural_lab.report import drift_words
from neural_lab.report.characters import one_line
from neural_lab.report.drift_tables import Table as Told
from neural_lab.report.drift_tables import brief
from neural_lab.report.streams import console


def show(found: Mapping[str, Any], stream: TextIO) -> None:
    out = console(stream)
    out.print(one_line(drift_words.windows(found)), soft_wrap=True)
    out.print(drift_words.OVERALL[found["state"]], soft_wrap=True)
    for told in brief(found) if found["reference"] else ():
        if told.rows:
            out.print(f"\n{told.title}", soft_wrap=True)
            out.print(_table(told))


def _table(told: Told) -> Table:
    table = Table(box=None, pad_edge=False)
    for column in told.columns:
        table.add_column(column, overflow="fold")
    for row in told.rows:
        table.add_row(*(Text(cell) for cell in row))
    return table
