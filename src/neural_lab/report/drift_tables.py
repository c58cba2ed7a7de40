"""The tables about drift: columns and cells as text, for the terminal and for Markdown alike."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from neural_lab.report import drift_words, words

DASH = "–"
FITTED = 0.02
"""The most that is outside of the fitted range where texts are like those."""
_ORDER = [*drift_words.STATES]


class Table(NamedTuple):
    """Without rows it has nothing to say."""

    title: str
    columns: Sequence[str]
    rows: Sequence[Sequence[str]]


def brief(found: Mapping[str, Any]) -> Iterator[Table]:
    """What matters most."""
    yield changed(found)
    yield score(found)
    yield verdicts(found, [])


def every(found: Mapping[str, Any]) -> Iterator[Table]:
    yield changed(found)
    yield score(found)
    yield verdicts(found, [verdict for verdict in found["verdicts"][0]["mix"] if verdict != "inconclusive"])
    yield index(found)
    yield outside(found)


def changed(found: Mapping[str, Any]) -> Table:
    """The worst first."""
    columns = ("signal", "words", "reference", "texts", "index", "chance", "")
    mine = [row for row in found["signals"] if row["state"] in ("drift", "moved")]
    mine.sort(key=lambda row: (_ORDER.index(row["state"]), -row["psi"]))
    return Table(drift_words.CHANGED, columns, [_changed(row) for row in mine])


def score(found: Mapping[str, Any]) -> Table:
    columns = ("words", "reference", "texts", "distance", "chance", "")
    rows = ([row["band"], *_texts(row), *_figures(row, "ks")] for row in found["score"])
    return Table(drift_words.SCORE, columns, [*rows])


def verdicts(found: Mapping[str, Any], mix: Sequence[str]) -> Table:
    """What was flagged and what was inconclusive, and the shares of the verdicts in `mix`."""
    names = (words.VERDICTS[verdict] for verdict in mix)
    columns = ("words", "days", "texts", "flagged", "inconclusive", *names)
    rows = (
        [row["band"], row["window"], f"{row['texts']:,}", share(row["flagged"]), share(row["inconclusive"])]
        + [share(row["mix"][verdict]) for verdict in mix]
        for row in found["verdicts"]
        if row["texts"]
    )
    return Table(drift_words.VERDICTS, columns, [*rows])


def index(found: Mapping[str, Any]) -> Table:
    """A row a signal, a column a band."""
    bands = [*dict.fromkeys(row["band"] for row in found["signals"])]
    cells = {(row["signal"], row["band"]): _index(row) for row in found["signals"]}
    names = dict.fromkeys(row["signal"] for row in found["signals"])
    rows = ([words.name(name), *(cells.get((name, band), "") for band in bands)] for name in names)
    return Table(drift_words.INDEX, ("signal", *bands), [*rows])


def outside(found: Mapping[str, Any]) -> Table:
    """Where the whole interval is above what it is for texts like those that were fitted on."""
    mine = [row for row in found["outside"] if row["texts"] and row["interval"][0] > FITTED]
    mine.sort(key=lambda row: -row["share"])
    rows = [[words.name(row["signal"]), row["band"], f"{row['texts']:,}", share(row)] for row in mine]
    return Table(drift_words.OUTSIDE, ("signal", "words", "texts", "outside"), rows)


def share(found: Mapping[str, Any]) -> str:
    if found["share"] is None:
        return DASH
    low, high = found["interval"]
    return f"{100 * found['share']:.1f} % ({100 * low:.1f}{DASH}{100 * high:.1f})"


def figure(value: float | None) -> str:
    return DASH if value is None else f"{value:.3f}"


def _changed(row: Mapping[str, Any]) -> list[str]:
    return [words.name(row["signal"]), row["band"], *_texts(row), *_figures(row, "psi")]


def _texts(row: Mapping[str, Any]) -> Iterable[str]:
    return f"{row['reference']:,}", f"{row['texts']:,}"


def _figures(row: Mapping[str, Any], name: str) -> Iterable[str]:
    return figure(row[name]), figure(row["chance"]), drift_words.STATES[row["state"]]


def _index(row: Mapping[str, Any]) -> str:
    told = f" {drift_words.STATES[row['state']]}" if row["state"] in ("drift", "moved") else ""
    return figure(row["psi"]) + told
