"""Error rows by kind of writer, counted on texts that a finished detector has never seen."""

from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from neural_lab.backends.bundle import Bundle
from neural_lab.rates import ErrorRow, Kind
from neural_lab.training.build_detector import write_detector
from neural_lab.training.error_rows import FEWEST, LENGTHS
from neural_lab.training.figures import wilson
from neural_lab.training.fit import ENDLESS
from neural_lab.training.judged import Judged


def record_writers(bundle: Path, judged: Judged, groups: NDArray[np.str_]) -> int:
    """Put rows for each kind of writer in place of those the bundle has, seal it, and say how many."""
    detector = Bundle(bundle).detector()
    rows = tuple(writer_rows(judged, groups))
    kept = tuple(row for row in detector.error_rows if row.kind != Kind.WRITER)
    write_detector(bundle, replace(detector, error_rows=kept + rows))
    return len(rows)


def writer_rows(judged: Judged, groups: NDArray[np.str_]) -> Iterator[ErrorRow]:
    """A row a target, group and range of lengths that holds at least 30 human texts."""
    for target in judged.targets:
        flagged = judged.flagged(target)
        for group in sorted(set(groups.tolist()) - {""}):
            for low, high in pairwise(LENGTHS):
                mine = (groups == group) & (judged.words >= low) & (judged.words < high)
                human, machine = mine & (judged.label == 0), mine & (judged.label == 1)
                texts, hits = int(human.sum()), int(flagged[human].sum())
                if texts >= FEWEST:
                    edges = low, None if high == ENDLESS else high - 1
                    found = int(flagged[machine].sum()), int(machine.sum())
                    yield ErrorRow("writer", group, target, *edges, hits, texts, wilson(hits, texts), *found)
