"""What the checks of this machine came to, for people at a terminal."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from rich.console import Console
from rich.table import Table
from rich.text import Text

from neural_lab.report.characters import one_line

STYLES = {"ok": "green", "warning": "yellow", "failed": "bold red", "not here": "dim"}
ENDS = {
    "ok": "Nothing failed.",
    "warning": "Nothing failed; {warnings} should be looked at.",
    "failed": "{failures} failed: this machine is not ready.",
}
ASKED = "Asked over the network: {places}."
NOT_ASKED = "Nothing was asked over the network."

Row = Mapping[str, Any]


def show(out: Console, answer: Row) -> None:
    """A line for each row, under it what to do, then what they come to."""
    table = Table.grid(padding=(0, 2))
    table.add_column(no_wrap=True)
    table.add_column(no_wrap=True)
    table.add_column(overflow="fold")
    for row in answer["checks"]:
        table.add_row(Text(row["state"], style=STYLES[row["state"]]), Text(row["name"]), _said(row))
    out.print(table)
    out.print()
    out.print(Text(_end(answer["state"], answer["checks"]), style="bold"))
    places = ", ".join(answer["network"])
    out.print(Text(ASKED.format(places=places) if places else NOT_ASKED, style="dim"))


def _said(row: Row) -> Text:
    said = Text(one_line(row["found"]))
    return said.append(f"\n› {one_line(row['advice'])}", style="bold") if row["advice"] else said


def _end(state: str, rows: Sequence[Row]) -> str:
    count = {each: sum(row["state"] == each for row in rows) for each in STYLES}
    return ENDS[state].format(warnings=_checks(count["warning"]), failures=_checks(count["failed"]))


def _checks(count: int) -> str:
    return f"{count} check{'' if count == 1 else 's'}"
