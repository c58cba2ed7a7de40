"""Many documents at one operating point; what goes wrong with one of them does not touch the others."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Protocol

from neural_lab.detect.detector import Detector
from neural_lab.errors import InvalidDocument, InvalidRequest, LabError, ModelUnavailable
from neural_lab.files import STANDARD, is_folder
from neural_lab.outcome import Report
from neural_lab.rates import Kind
from neural_lab.reading import read_path, read_stdin
from neural_lab.types import Document


class Analyst(Protocol):
    """Anything that turns a document into a report."""

    def analyze(
        self, document: Document, target: float = ..., genre: str | None = ..., writer: str | None = ...
    ) -> Report: ...


@dataclass(frozen=True, slots=True)
class Asked:
    """What is asked of every document alike: a target, and what is declared about genre and writer."""

    target: float
    genre: str | None = None
    writer: str | None = None

    def of(self, lab: Analyst, document: Document) -> Report:
        return lab.analyze(document, self.target, self.genre, self.writer)

    @classmethod
    def typed(cls, detector: Detector, most: str, genre: str | None, writer: str | None) -> Asked:
        """Options as they were typed, checked against what the detector was measured on.

        Raises `InvalidRequest`.
        """
        target = largest_target(detector.targets, rate(most))
        detector.known_group(Kind.GENRE, genre)
        detector.known_group(Kind.WRITER, writer)
        return cls(target, genre, writer)


def examine(
    lab: Analyst, paths: Iterable[Path], asked: Asked, stdin: BinaryIO
) -> tuple[list[Report], list[tuple[str, LabError]]]:
    """Reports in the order of `paths`, and the paths that gave none with the reason."""
    reports: list[Report] = []
    errors: list[tuple[str, LabError]] = []
    for path in paths:
        try:
            reports.append(asked.of(lab, read(path, stdin)))
        except ModelUnavailable:
            raise
        except LabError as error:
            errors.append((str(path), error))
    return reports, errors


def read(path: Path, stdin: BinaryIO) -> Document:
    if is_folder(path):
        raise InvalidDocument("empty_folder", "There is no document in this folder, or it may not be opened.")
    return read_stdin(stdin) if path == STANDARD else read_path(path)


def rate(typed: str) -> float:
    """A rate above 0 and up to 1, from `1/200`, `0.5%` or `0.005`. Raises `InvalidRequest`."""
    number = typed.strip()
    above, slash, below = number.removesuffix("%").partition("/")
    try:
        value = float(above) / (float(below) if slash else 1) / (100 if number.endswith("%") else 1)
    except (ValueError, ZeroDivisionError):
        value = math.nan
    if not 0 < value <= 1:
        message = "--max-false-positives has to be a rate such as 1/200, 0.5% or 0.005."
        raise InvalidRequest("bad_rate", message)
    return value


def largest_target(targets: Sequence[float], most: float) -> float:
    """The largest target that is no larger than `most`: only measured targets have cut points.

    Raises `InvalidRequest` where all are larger.
    """
    held = [target for target in targets if target <= most or math.isclose(target, most, rel_tol=1e-6)]
    if not held:
        choices = ", ".join(f"{target:g}" for target in sorted(targets))
        message = f"--max-false-positives {most:g} is less than was measured; there are {choices}."
        raise InvalidRequest("unknown_target", message)
    return max(held)
