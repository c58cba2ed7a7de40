"""What verifying a pack came to, for people at a terminal."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from rich.console import Console
from rich.table import Table
from rich.text import Text

from neural_lab.report import evidence_words as said
from neural_lab.report.characters import one_line

_STYLES = {"agrees": "green", "differs": "bold red", "unchecked": "yellow"}

Row = Mapping[str, Any]


def show(out: Console, checks: Sequence[Row], outcome: str) -> None:
    """A line for each check, as the JSON output has them, then what they come to and what none can show."""
    table = Table.grid(padding=(0, 2))
    for check in checks:
        state = Text(said.STATES[check["state"]], style=_STYLES[check["state"]])
        table.add_row(state, Text(check["code"]), Text(_sentence(check)))
    out.print(table)
    out.print()
    out.print(Text(said.OUTCOMES[outcome], style="bold"))
    out.print(Text(said.BEYOND, style="dim"))


def _sentence(check: Row) -> str:
    more = [said.WHYS[check["why"]]] if check["why"] else []
    more += [said.LARGEST.format(largest=check["largest"])] if check["largest"] else []
    whole = "; ".join([said.CHECKS[check["code"]], *more])
    places = [one_line(place) for place in check["places"]]
    return f"{whole}. {said.FOUND.format(places=said.places(places))}" if places else f"{whole}."
