"""The signals of a document on a terminal: the four that have a name of their own, and what else decided."""

from __future__ import annotations

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from neural_lab.outcome import Report
from neural_lab.report import words
from neural_lab.report.facts import MAIN_SIGNALS, Reference, decisive, signal_means, usual_ranges
from neural_lab.report.tracks import bounds, track


def signal_table(report: Report, reference: Reference, width: int) -> RenderableType:
    """Means beside the usual ranges of human and machine texts, and the terms that moved the text most."""
    moved = decisive(report)
    shown = {*MAIN_SIGNALS, *dict(moved)}
    means = {key: value for key, value in signal_means(report).items() if key in shown}
    table = Table.grid(padding=(0, 2))
    compared = False
    for key, value in means.items():
        ranges = usual_ranges(reference, key)
        compared = compared or bool(ranges)
        described = Text.assemble(
            f"{words.name(key)} {words.rounded(value)}\n", (words.explanation(key), "dim")
        )
        table.add_row(described, *_tracks(value, ranges, max(width // 2 - 14, 10)))
    decided = [Text(words.decided(moved))] if moved else []
    return Group(table, *decided, Text(words.RANGES if compared else words.NO_RANGES, style="dim"))


def _tracks(value: float, ranges: dict[str, tuple[float, float, float]], width: int) -> tuple[Text, Text]:
    if not ranges:
        return Text(), Text()
    limits = bounds(ranges)
    lines = (track(value, usual, limits, width) for usual in ranges.values())
    return Text("\n".join(words.KINDS[kind] for kind in ranges)), Text("\n".join(lines))
