"""Detectors that are kept, what was done to them, and how two of them differ: for the terminal."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, TextIO

from rich.table import Table
from rich.text import Text

from neural_lab.report import detector_words, words
from neural_lab.report.characters import one_line
from neural_lab.report.streams import console

Rows = Iterable[Sequence[str]]


def show_versions(rows: Sequence[Mapping[str, Any]], stream: TextIO) -> None:
    cells = ((each["version"], _roles(each), _day(each["added"]), _megabytes(each["bytes"])) for each in rows)
    _show(detector_words.COLUMNS, cells, stream)


def show_events(rows: Sequence[Mapping[str, Any]], stream: TextIO) -> None:
    """A line each: names of detectors are too long for columns."""
    out = console(stream)
    for each in rows:
        out.print(one_line(f"{_day(each['at'])}  {detector_words.event(**each)}"), soft_wrap=True)


def show_comparison(found: Mapping[str, Any], stream: TextIO) -> None:
    """Per band of lengths and for all, and which verdicts became which."""
    columns = ("words", "texts", "changed", "mean", "half below", "99 % below", "flagged", "by challenger")
    rows = [*((_words(band), *_figures(band)) for band in found["bands"]), ("all", *_figures(found))]
    _show(columns, rows, stream)
    names = [*found["verdicts"]]
    table = ([words.VERDICTS[name], *map(str, found["verdicts"][name].values())] for name in names)
    _show(("champion \\ challenger", *(words.VERDICTS[name] for name in names)), table, stream)


def _figures(found: Mapping[str, Any]) -> Sequence[str]:
    if not found["texts"]:
        return ("0", "", "", "", "", "", "")
    quantiles = found["quantiles"]
    return (
        f"{found['texts']:,}",
        f"{found['changed']:,}",
        f"{found['mean_difference']:+.3f}",
        f"{quantiles['0.5']:.3f}",
        f"{quantiles['0.99']:.3f}",
        _share(found["flagged"]["champion"]),
        _share(found["flagged"]["challenger"]),
    )


def _share(found: Mapping[str, Any]) -> str:
    low, high = found["interval"]
    return f"{100 * found['share']:.1f} % ({100 * low:.1f}–{100 * high:.1f})"


def _words(band: Mapping[str, Any]) -> str:
    high = band["maximum_words"]
    return f"{band['minimum_words']}–{high}" if high else f"{band['minimum_words']} and more"


def _roles(row: Mapping[str, Any]) -> str:
    return "; ".join(detector_words.ROLES[role] for role in row["roles"])


def _day(moment: str) -> str:
    return moment[:16].replace("T", " ")


def _megabytes(size: int | None) -> str:
    return "" if size is None else f"{size / 1e6:.1f}"


def _show(columns: Sequence[str], rows: Rows, stream: TextIO) -> None:
    table = Table(box=None, pad_edge=False)
    for column in columns:
        table.add_column(column, overflow="fold", no_wrap=True)
    for row in rows:
        table.add_row(*(Text(one_line(cell)) for cell in row))
    console(stream).print(table)
