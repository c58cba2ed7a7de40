"""How the signals of texts of known origin are distributed: to be drawn, never to decide anything."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

LEVELS = (0.01, *(step / 20 for step in range(1, 20)), 0.99)


@dataclass(frozen=True)
class Distributions:
    """Quantiles at `levels`, ascending, of each signal's mean over a text.

    `signals` gives them by signal and kind of text (`human`, `machine`); `texts` says of
    how many texts of each kind. Means are weighted by the length of sentences, as those of reports.
    """

    levels: Sequence[float]
    texts: Mapping[str, int]
    signals: Mapping[str, Mapping[str, Sequence[float]]]

    def as_dict(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_dict(cls, table: Mapping[str, Any]) -> Distributions:
        return cls(tuple(table["levels"]), table["texts"], table["signals"])
