"""What is said about one row, by a process that holds the detector."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from neural_lab.auditor import Auditor
from neural_lab.batch import Asked
from neural_lab.compose import open_lab, open_store
from neural_lab.errors import LabError, ModelUnavailable, StoreUnavailable
from neural_lab.outcome import Report
from neural_lab.reading import read_bytes
from neural_lab.scoring.given import Given
from neural_lab.types import Document

Answer = dict[str, Any]
UNEXPECTED = "unexpected"


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is asked of every row alike.

    `identity` is that of the detector that has to answer, `store` the URL of the
    library of `owner` to audit against, "" for none.
    """

    asked: Asked
    identity: str
    sentences: bool = False
    store: str = ""
    owner: str = ""


def answers(wanted: Wanted, rows: Sequence[Given]) -> list[Answer]:
    """An answer a row, in order. Raises `ModelUnavailable` and `StoreUnavailable`: no row is at fault."""
    desk = _desk(wanted)
    return [desk.answer(row) for row in rows]


@cache
def _desk(wanted: Wanted) -> Desk:
    return Desk(wanted)


class Desk:
    """A lab, and a library if one is asked for, opened once in a process."""

    def __init__(self, wanted: Wanted) -> None:
        self.wanted, self.lab = wanted, open_lab(threads=1)
        if self.lab.identity != wanted.identity:
            message = "Another detector is installed where the work is done: install the same everywhere."
            raise ModelUnavailable("another_detector", message)
        store = open_store(wanted.store) if wanted.store else None
        self.auditor = Auditor(store.library(wanted.owner)) if store else None

    def answer(self, row: Given) -> Answer:
        """Codes of errors only: messages name files, and where the row stands is said already."""
        if row.error:
            return self.blank(row, row.error)
        try:
            return self._answer(row, self._document(row))
        except (ModelUnavailable, StoreUnavailable):
            raise
        except LabError as error:
            return self.blank(row, error.code)
        except MemoryError:
            return self.blank(row, "too_large")
        except Exception:
            return self.blank(row, UNEXPECTED)

    def blank(self, row: Given, error: str) -> Answer:
        return unanswered(row, error, self.wanted, (self.lab.detector.name, self.lab.detector.version))

    def _document(self, row: Given) -> Document:
        return Document(row.text or "") if row.data is None else read_bytes(row.data, row.row)

    def _answer(self, row: Given, document: Document) -> Answer:
        report = self.wanted.asked.of(self.lab, document)
        said: Answer = {
            "probability": report.probability,
            "verdict": report.verdict.value,
            "reason": report.reason.value if report.reason else None,
            "words": report.words,
        }
        if self.auditor:
            audited = self.auditor.audit(document, path=row.path)
            said |= {"coverage": audited.coverage, "matches": len(audited.counted)}
        if self.wanted.sentences:
            said["sentences"] = _sentences(report)
        return self.blank(row, "") | said | {"error": None}


def unanswered(row: Given, error: str, wanted: Wanted, detector: tuple[str, str]) -> Answer:
    """All fields of an answer in their order, with nothing in them but the `error`."""
    audit = {"coverage": None, "matches": None} if wanted.store else {}
    return {
        "id": row.id,
        "row": row.row,
        "probability": None,
        "verdict": None,
        "reason": None,
        "words": None,
        "detector": detector[0],
        "version": detector[1],
        **audit,
        **({"sentences": None} if wanted.sentences else {}),
        "error": error,
    }


def _sentences(report: Report) -> list[Answer]:
    return [
        {
            "start": score.sentence.span.start,
            "end": score.sentence.span.end,
            "probability": score.probability,
            "flagged": report.flags(score),
        }
        for score in report.sentences
    ]
