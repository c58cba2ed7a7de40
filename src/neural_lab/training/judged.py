"""What a detector says about labelled texts, each of them scored as a user's text is."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields, replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from neural_lab.backends.bundle import Bundle
from neural_lab.errors import InvalidDocument, LabError
from neural_lab.outcome import Report, Verdict
from neural_lab.rows import encode, output
from neural_lab.service import Lab
from neural_lab.training.dataset import Record
from neural_lab.training.pool import open_one, spread
from neural_lab.types import Document, Floats

EDGES = (0, 75, 150, 300, 600, 1500)
"""Where the length bands of a card begin, in words: the same for all detectors, so that cards compare."""
FLAGGED = (Verdict.LIKELY_AI.value, Verdict.MIXED.value)
ABOUT = ("source", "domain", "model", "attack", "writer")


@dataclass(frozen=True, slots=True)
class Judgement:
    """One document: words, probability, mean of its strongest run, and a verdict and reason a target."""

    words: int
    probability: float
    run: float
    verdicts: tuple[str, ...]
    reasons: tuple[str, ...]


@dataclass(frozen=True)
class Judged:
    """Labelled documents and what was said about each; arrays have one entry a document.

    `index` is the place among the records given, `label` is 1 for machine;
    `probability` is the document's and `run` the mean of its strongest run, both
    in (0, 1); `verdict` and `reason` are `[documents, targets]`, a reason being
    empty where there is a verdict.
    """

    targets: tuple[float, ...]
    index: NDArray[np.int64]
    row: NDArray[np.str_]
    label: NDArray[np.int64]
    source: NDArray[np.str_]
    domain: NDArray[np.str_]
    model: NDArray[np.str_]
    attack: NDArray[np.str_]
    writer: NDArray[np.str_]
    words: NDArray[np.int64]
    probability: Floats
    run: Floats
    verdict: NDArray[np.str_]
    reason: NDArray[np.str_]

    def __len__(self) -> int:
        return len(self.label)

    @property
    def band(self) -> NDArray[np.str_]:
        """The length band of each document, by name."""
        return np.array(NAMES)[np.searchsorted(EDGES, self.words, side="right") - 1]

    def where(self, documents: NDArray[np.bool_]) -> "Judged":
        """Only the marked documents."""
        names = (field.name for field in fields(self) if field.name != "targets")
        return replace(self, **{name: getattr(self, name)[documents] for name in names})

    def said(self, target: float, *verdicts: str) -> NDArray[np.bool_]:
        """Which documents got one of `verdicts` at `target`."""
        return np.asarray(np.isin(self.verdict[:, self.targets.index(target)], verdicts))

    def flagged(self, target: float) -> NDArray[np.bool_]:
        """Which documents were called `likely_ai` or `mixed` at `target`."""
        return self.said(target, *FLAGGED)


def band_name(low: int) -> str:
    """The band that begins at `low` words, in words."""
    above = next((edge for edge in EDGES if edge > low), None)
    return f"{low}+ words" if above is None else f"{low}-{above - 1} words"


NAMES = tuple(band_name(low) for low in EDGES)


def judge_all(
    bundle: Path, records: Sequence[Record], workers: int | None = None, doing: str = "Scoring"
) -> tuple[Judged, Counter[str]]:
    """What the detector in `bundle` says about `records`, and how many it could not score, by code of error.

    Raises `ModelUnavailable` before anything is scored, and `InvalidDocument`
    when not one record could be.
    """
    targets = Bundle(bundle).detector().targets
    said = list(spread(open_one, judge, records, bundle, doing, workers))
    unread = Counter(each for each in said if isinstance(each, str))
    index = [at for at, each in enumerate(said) if not isinstance(each, str)]
    if not index:
        raise InvalidDocument("nothing_scored", "There is no text that could be scored.")
    return _collected(targets, index, [records[at] for at in index], [said[at] for at in index]), unread


def on_the_same(first: Judged, second: Judged) -> tuple[Judged, Judged]:
    """Two judgements of the same records, reduced to those that both could score, in the same order."""
    return first.where(np.isin(first.index, second.index)), second.where(np.isin(second.index, first.index))


def judge(lab: Lab, record: Record) -> Judgement | str:
    """What the lab says about one record, or the code of the error that kept it from one."""
    try:
        return _judgement(lab, Document(record.text))
    except LabError as error:
        return error.code


def at_every_target(lab: Lab, text: Document) -> list[Report]:
    """Reports at each of the detector's targets, in its order; the text is scored once."""
    targets = lab.detector.targets
    report = lab.analyze(text, targets[0])
    points = (lab.detector.operating_point(report.words, target) for target in targets)
    return [replace(report, operating_point=point) for point in points]


def save(judged: Judged, path: Path) -> None:
    """One JSON line a document, numbers unrounded; never the text."""
    with output(path) as file:
        for row in _rows(judged):
            file.write(encode(row))


def _judgement(lab: Lab, text: Document) -> Judgement:
    reports = at_every_target(lab, text)
    first = reports[0]
    verdicts = tuple(report.verdict.value for report in reports)
    reasons = tuple(report.reason.value if report.reason else "" for report in reports)
    return Judgement(first.words, first.probability, first.strongest_run[2], verdicts, reasons)


def _collected(
    targets: tuple[float, ...], index: Sequence[int], records: Sequence[Record], said: Sequence[Any]
) -> Judged:
    return Judged(
        targets=targets,
        index=np.array(index, dtype=np.int64),
        row=np.array([record.row for record in records]),
        label=np.array([record.label for record in records], dtype=np.int64),
        words=np.array([each.words for each in said], dtype=np.int64),
        probability=np.array([each.probability for each in said]),
        run=np.array([each.run for each in said]),
        verdict=np.array([each.verdicts for each in said]),
        reason=np.array([each.reasons for each in said]),
        **{name: np.array([str(getattr(record, name) or "") for record in records]) for name in ABOUT},
    )


def _rows(judged: Judged) -> Iterator[dict[str, Any]]:
    plain = ("source", "row", "label", "domain", "model", "attack", "writer", "words", "probability", "run")
    columns = {name: getattr(judged, name).tolist() for name in plain}
    targets = [f"{target:g}" for target in judged.targets]
    for at in range(len(judged)):
        verdicts = dict(zip(targets, judged.verdict[at].tolist(), strict=True))
        reasons = {t: r or None for t, r in zip(targets, judged.reason[at].tolist(), strict=True)}
        yield {name: column[at] for name, column in columns.items()} | {
            "verdicts": verdicts,
            "reasons": reasons,
        }
