"""Drift as pictures. Colours repeat what numbers, hatching and dashes say."""

from __future__ import annotations

from collections.abc import Mapping
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np

from neural_lab.report import drift_words, words
from neural_lab.report.drift_tables import figure

INDEX = "Population stability index by signal and length"
SCORES = "Probabilities by length, before and now"
BLUE, ORANGE = "#0072B2", "#D55E00"


def draw(found: Mapping[str, Any], page: Path) -> dict[str, str]:
    """Draw PNG files beside `page`; what they show, with their names. Empty without matplotlib."""
    if find_spec("matplotlib") is None:
        return {}
    names = {INDEX: f"{page.stem}-index.png", SCORES: f"{page.stem}-probabilities.png"}
    _index(found, page.with_name(names[INDEX]))
    _scores(found, page.with_name(names[SCORES]))
    return names


def _index(found: Mapping[str, Any], path: Path) -> None:
    """A cell for each signal and band with its number; darker where it is larger, framed where it drifted."""
    from matplotlib.figure import Figure

    rows = found["signals"]
    bands, signals = (list(dict.fromkeys(row[key] for row in rows)) for key in ("band", "signal"))
    values = np.full((len(signals), len(bands)), np.nan)
    axes = (drawn := Figure(figsize=(2 + 1.3 * len(bands), 1.2 + 0.32 * len(signals)))).subplots()
    for row in rows:
        at = signals.index(row["signal"]), bands.index(row["band"])
        values[at] = np.nan if row["psi"] is None else row["psi"]
        _cell(axes, at, row)
    axes.imshow(np.ma.masked_invalid(values), cmap="Blues", vmin=0, vmax=0.5, aspect="auto")
    axes.set_xticks(range(len(bands)), bands)
    axes.set_yticks(range(len(signals)), [words.name(name) for name in signals])
    axes.set(xlabel="words", title=f"{drift_words.INDEX} (framed: drift; dashed: moved)")
    _save(drawn, path)


def _cell(axes: Any, at: tuple[int, int], row: Mapping[str, Any]) -> None:
    from matplotlib.patches import Rectangle

    dark = row["psi"] is not None and row["psi"] > 0.3
    style: dict[str, Any] = {"ha": "center", "va": "center", "fontsize": 8}
    axes.text(at[1], at[0], figure(row["psi"]), color="white" if dark else "black", **style)
    if row["state"] in ("drift", "moved"):
        line = "solid" if row["state"] == "drift" else "dashed"
        frame = Rectangle((at[1] - 0.47, at[0] - 0.45), 0.94, 0.9, fill=False)
        frame.set(edgecolor=ORANGE, linestyle=line, linewidth=2)
        axes.add_patch(frame)


def _scores(found: Mapping[str, Any], path: Path) -> None:
    """Shares of texts by probability, a row a band: a filled area before, a dashed line now."""
    from matplotlib.figure import Figure
    from matplotlib.ticker import PercentFormatter

    rows = found["score"]
    every = (drawn := Figure(figsize=(8, 1 + 1.6 * len(rows)))).subplots(
        len(rows), sharex=True, squeeze=False
    )
    for axes, row in zip(every[:, 0], rows, strict=True):
        before, now = (np.array(cells) / max(1, sum(cells)) for cells in row["cells"])
        at = np.linspace(0, 1, before.size + 1)
        axes.stairs(before, at, fill=True, color=BLUE, alpha=0.5, label=f"before ({row['reference']:,})")
        axes.stairs(now, at, color=ORANGE, linestyle="dashed", linewidth=2, label=f"now ({row['texts']:,})")
        axes.set(xlim=(0, 1), ylabel=f"{row['band']} words")
        axes.yaxis.set_major_formatter(PercentFormatter(1, decimals=0))
        axes.set_ylim(bottom=0)
        axes.legend(fontsize=8)
    every[-1, 0].set_xlabel("probability of the text")
    _save(drawn, path)


def _save(drawn: Any, path: Path) -> None:
    drawn.savefig(path, dpi=120, bbox_inches="tight")
