"""Bars and maps drawn with characters; position and height carry the meaning, colour only repeats it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from rich.text import Text

from neural_lab.outcome import Report
from neural_lab.report.facts import peaks
from neural_lab.report.scale import colour

_HEIGHTS = "▁▂▃▄▅▆▇█"

Ranges = Mapping[str, Sequence[float]]


def bounds(ranges: Ranges) -> tuple[float, float]:
    """From the lowest to the highest percentile, with a margin on both sides."""
    low, high = min(map(min, ranges.values())), max(map(max, ranges.values()))
    margin = 0.15 * (high - low) or 0.5
    return low - margin, high + margin


def track(value: float, usual: Sequence[float], limits: tuple[float, float], width: int) -> str:
    """The usual range (`──┼──`) and the text's own value (`◆`, or an arrow when off the scale)."""
    low, middle, high = (_cell(percentile, limits, width) for percentile in usual)
    cells = ["·"] * width
    cells[low : high + 1] = "─" * (high + 1 - low)
    cells[middle] = "┼"
    cells[_cell(value, limits, width)] = "◂" if value < limits[0] else "▸" if value > limits[1] else "◆"
    return "".join(cells)


def document_map(report: Report, width: int) -> Text:
    """The text from start to end; each column shows its highest sentence, so that none is averaged away."""
    line = Text()
    for probability in peaks(report, width):
        line.append(_HEIGHTS[min(int(8 * probability), 7)], style=colour(probability))
    return line


def _cell(value: float, limits: tuple[float, float], width: int) -> int:
    share = (value - limits[0]) / (limits[1] - limits[0])
    return min(max(int(share * width), 0), width - 1)
