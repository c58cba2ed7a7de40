"""Detectors that are kept, what was done to them, and how two of them differ: for the terminal."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, TextIO

from neural_lab.report import detector_words as words
from neural_lab.report.characters import one_line
from neural_lab.report.streams import console
from neural_lab.report.tables import plain


def show_versions(rows: Sequence[Mapping[str, Any]], stream: TextIO) -> None:
    cells = ((each["version"], _roles(each), _day(each["added"]), _megabytes(each["bytes"])) for each in rows)
    console(stream).print(plain(words.COLUMNS, cells, words.COLUMNS[:1]))


def show_events(rows: Sequence[Mapping[str, Any]], stream: TextIO) -> None:
    """A line each: names of detectors are too long for columns."""
    out = console(stream)
    for each in rows:
        out.print(one_line(f"{_day(each['at'])}  {words.event(**each)}"), soft_wrap=True)


def show_comparison(found: Mapping[str, Any], stream: TextIO) -> None:
    """Per band of lengths and for all, and which verdicts became which: three tables fit 80 columns."""
    out = console(stream)
    bands = [*((_words(band), band) for band in found["bands"]), ("all", found)]
    out.print(plain(words.DISTANCES, [(name, *_distances(band)) for name, band in bands]))
    out.print()
    out.print(plain(words.FLAGGED, [(name, *_flagged(band)) for name, band in bands]))
    out.print()
    verdicts = found["verdicts"]
    rows = [(name, *(f"{texts:,}" for texts in its.values())) for name, its in verdicts.items()]
    out.print(plain((words.PAIR, *verdicts), rows))


def _distances(found: Mapping[str, Any]) -> Sequence[str]:
    if not found["texts"]:
        return ("0", "", "", "", "")
    quantiles = found["quantiles"]
    return (
        f"{found['texts']:,}",
        f"{found['changed']:,}",
        f"{found['mean_difference']:+.3f}",
        f"{quantiles['0.5']:.3f}",
        f"{quantiles['0.99']:.3f}",
    )


def _flagged(found: Mapping[str, Any]) -> Sequence[str]:
    if not found["texts"]:
        return ("", "")
    return _share(found["flagged"]["champion"]), _share(found["flagged"]["challenger"])


def _share(found: Mapping[str, Any]) -> str:
    low, high = found["interval"]
    return f"{100 * found['share']:.1f} % ({100 * low:.1f}–{100 * high:.1f})"


def _words(band: Mapping[str, Any]) -> str:
    high = band["maximum_words"]
    return f"{band['minimum_words']}–{high}" if high else f"{band['minimum_words']} and more"


def _roles(row: Mapping[str, Any]) -> str:
    return "; ".join(words.ROLES[role] for role in row["roles"])


def _day(moment: str) -> str:
    return moment[:16].replace("T", " ")


def _megabytes(size: int | None) -> str:
    return "" if size is None else f"{size / 1e6:.1f}"
