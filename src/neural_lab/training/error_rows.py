"""Error rows of a detector: how often texts of each genre and length were flagged when held out."""

from collections.abc import Iterator
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from neural_lab.rates import ErrorRow, Kind
from neural_lab.training.cut_points import TARGETS
from neural_lab.training.figures import wilson
from neural_lab.training.fit import BANDS, ENDLESS
from neural_lab.training.held_out import HeldOut
from neural_lab.training.measured import Measured

LENGTHS = (50, 150, ENDLESS)
FEWEST = 30


def error_rows(data: Measured, unseen: HeldOut) -> Iterator[ErrorRow]:
    """Rows by genre (documents of 50-149 words, and longer) and by length band."""
    for target in TARGETS:
        flagged = unseen.flagged[target]
        for genre in np.unique(data.genre).tolist():
            for edges in pairwise(LENGTHS):
                yield from _row(
                    Kind.GENRE, genre, target, edges, data, flagged, data.trusted & (data.genre == genre)
                )
        for edges in pairwise((*BANDS, ENDLESS)):
            yield from _row(Kind.LENGTH, name_of(edges), target, edges, data, flagged, data.trusted)


def name_of(edges: tuple[int, int]) -> str:
    low, high = edges
    return f"{low}+ words" if high == ENDLESS else f"{low}-{high - 1} words"


def _row(
    kind: Kind,
    group: str,
    target: float,
    edges: tuple[int, int],
    data: Measured,
    flagged: NDArray[np.bool_],
    among: NDArray[np.bool_],
) -> Iterator[ErrorRow]:
    low, high = edges
    inside = among & (data.words >= low) & (data.words < high)
    human, machine = inside & (data.label == 0), inside & (data.label == 1)
    texts, hits = int(human.sum()), int(flagged[human].sum())
    if texts >= FEWEST:
        longest = None if high == ENDLESS else high - 1
        found = int(flagged[machine].sum()), int(machine.sum())
        yield ErrorRow(kind.value, group, target, low, longest, hits, texts, wilson(hits, texts), *found)
