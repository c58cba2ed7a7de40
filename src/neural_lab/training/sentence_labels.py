"""Documents whose sentences are labelled one by one, and what a detector says about those sentences."""

import json
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from neural_lab.errors import InvalidDocument, InvalidRequest, LabError
from neural_lab.outcome import Report
from neural_lab.report.characters import well_formed
from neural_lab.rows import lines
from neural_lab.service import Lab
from neural_lab.training.judged import at_every_target
from neural_lab.training.pool import open_one, spread
from neural_lab.types import Document, Floats, Offsets

SUFFIXES = (".jsonl", ".jsonl.gz")


@dataclass(frozen=True)
class Labelled:
    """Sentences of one document, none blank, and their labels, 1 for machine; `row` says where they stand."""

    sentences: tuple[str, ...]
    labels: tuple[int, ...]
    row: str

    @property
    def text(self) -> str:
        return " ".join(self.sentences)

    @cached_property
    def spans(self) -> Offsets:
        """`[sentences, 2]`: where each stands in `text`, in code points."""
        ends = np.cumsum([len(sentence) + 1 for sentence in self.sentences]) - 1
        return np.column_stack((ends - [len(sentence) for sentence in self.sentences], ends))


@dataclass(frozen=True)
class Reading:
    """A detector's answer for the labelled sentences of one document.

    `probability` `[sentences]` is in (0, 1); `cuts` are the least probability of
    a marked sentence, one a target.
    """

    labels: NDArray[np.int64]
    probability: Floats
    cuts: tuple[float, ...]
    row: str


def read_sentences(paths: Sequence[Path]) -> Iterator[Labelled]:
    """Rows `{"sentences": […], "labels": [0 or 1, …]}` of JSON lines files, packed too, or folders of them.

    Raises `InvalidRequest` for a row of another form and `InvalidDocument` for
    a file that cannot be read.
    """
    for path in paths:
        inside = sorted(p for p in path.rglob("*") if p.name.endswith(SUFFIXES)) if path.is_dir() else [path]
        for file in inside:
            for number, line in enumerate(lines(file, sys.stdin.buffer), 1):
                if line.strip():
                    yield _labelled(line, f"{file.name}:{number}")


def read_all(
    bundle: Path, documents: Sequence[Labelled], workers: int | None = None
) -> tuple[list[Reading], int]:
    """What the detector in `bundle` says about each, and how many documents could not be scored.

    Raises `ModelUnavailable`, and `InvalidDocument` when not one could be scored.
    """
    answers = list(spread(open_one, read_one, documents, bundle, "Scoring", workers))
    readings = [answer for answer in answers if isinstance(answer, Reading)]
    if not readings:
        raise InvalidDocument("nothing_scored", "There is no text that could be scored.")
    return readings, len(answers) - len(readings)


def read_one(lab: Lab, labelled: Labelled) -> Reading | str:
    """One document's reading, or the code of the error that kept it from one."""
    try:
        reports = at_every_target(lab, Document(labelled.text))
    except LabError as error:
        return error.code
    cuts = tuple(report.operating_point.sentence for report in reports)
    return Reading(np.array(labelled.labels), mapped(reports[0], labelled.spans), cuts, labelled.row)


def mapped(report: Report, spans: Offsets) -> Floats:
    """For each of `spans`, none blank, the mean probability of the sentences it overlaps, by length."""
    ours = np.array([score.sentence.span for score in report.sentences])
    probability = np.array([score.probability for score in report.sentences])
    starts = np.maximum(spans[:, None, 0], ours[None, :, 0])
    ends = np.minimum(spans[:, None, 1], ours[None, :, 1])
    overlap = np.maximum(ends - starts, 0).astype(float)
    return np.asarray(overlap @ probability / overlap.sum(axis=1))


def _labelled(line: bytes, row: str) -> Labelled:
    try:
        found = json.loads(line)
        sentences, labels = _columns(found["sentences"], found["labels"])
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        message = f"{row} is not of the form {{“sentences”: [texts], “labels”: [0 or 1, as many]}}."
        raise InvalidRequest("not_sentences", message) from error
    return Labelled(sentences, labels, row)


def _columns(sentences: Any, labels: Any) -> tuple[tuple[str, ...], tuple[int, ...]]:
    """Sentences that are not blank, and their labels; raises `ValueError` for anything else."""
    pairs = list(zip(sentences, labels, strict=True))
    if any(not isinstance(text, str) or label not in (0, 1) for text, label in pairs):
        raise ValueError
    kept = [(well_formed(text.strip()), int(label)) for text, label in pairs if text.strip()]
    if not kept:
        raise ValueError
    texts, numbers = zip(*kept, strict=True)
    return texts, numbers
