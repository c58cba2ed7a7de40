"""How often a detector is wrong: the cut points it judges by, and what they did to texts of known origin."""

from __future__ import annotations

import math
from dataclasses import dataclass
from enum import StrEnum

NEVER = 1.0
Z = 1.959963984540054
"""Of the normal distribution, the point with 2.5 % above it."""


@dataclass(frozen=True, slots=True)
class OperatingPoint:
    """A target false-positive rate and the cut points that reach it for documents of one length band.

    `document` is the probability at and above which a document is `likely_ai`;
    `run` the mean probability of its strongest run at and above which it is
    `mixed`. Both were chosen on human texts of `band` so that the two together
    flag at most `target` of them. `flagged` of `texts` human texts were flagged
    when fusion, calibration and cut points were made in the same way without
    their source; `interval` is the Wilson 95 % interval of that rate.
    """

    target: float
    band: str
    minimum_words: int
    maximum_words: int | None
    document: float
    run: float
    flagged: int
    texts: int
    interval: tuple[float, float]

    @property
    def reachable(self) -> bool:
        """Whether there were texts enough to choose cut points that hold the target."""
        return self.document < NEVER or self.run < NEVER

    @property
    def clear(self) -> float:
        """At and below this a document reads more like human text than like machine text."""
        return min(0.5, self.document)

    @property
    def sentence(self) -> float:
        """At and above this a sentence of a flagged document is marked: whatever flagged it has marks."""
        return min(self.document, self.run)

    @property
    def even(self) -> float:
        """At and below this a sentence reads like human text: no more likely machine than human."""
        return min(0.5, self.sentence)


class Kind(StrEnum):
    """What the texts of an error row have in common."""

    GENRE = "genre"
    WRITER = "writer"
    LENGTH = "length"


@dataclass(frozen=True, slots=True)
class ErrorRow:
    """How often a detector was wrong about one group of texts at one target.

    `kind` is a `Kind`, `group` its value ("abstracts", "non_native", a band of
    lengths). `flagged` of `texts` human texts of `minimum_words` to
    `maximum_words` (None: no maximum) were flagged by a detector made in the same
    way without them; `interval` is the Wilson 95 % interval of that rate. So were
    `machine_flagged` of `machine_texts` machine texts, rightly; both are 0 where
    the group has none.
    """

    kind: str
    group: str
    target: float
    minimum_words: int
    maximum_words: int | None
    flagged: int
    texts: int
    interval: tuple[float, float]
    machine_flagged: int = 0
    machine_texts: int = 0

    def covers(self, words: int, target: float) -> bool:
        """Whether the row says something about documents of that length at that target."""
        longest = words if self.maximum_words is None else self.maximum_words
        return bool(self.texts) and self.target == target and self.minimum_words <= words <= longest


def wilson(hits: int, texts: int) -> tuple[float, float]:
    """Wilson 95 % interval of a rate (Wilson 1927); (0, 1) when there is nothing to count."""
    if not texts:
        return 0.0, 1.0
    rate, spread = hits / texts, Z * Z / texts
    centre = (rate + spread / 2) / (1 + spread)
    half = Z * math.sqrt(rate * (1 - rate) / texts + spread / (4 * texts)) / (1 + spread)
    return max(0.0, centre - half), min(1.0, centre + half)


def worst(rows: tuple[ErrorRow, ...]) -> ErrorRow | None:
    """The row whose interval reaches highest: the least that can be promised."""
    return max(rows, key=lambda row: row.interval[1], default=None)
