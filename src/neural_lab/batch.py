"""Many documents at one operating point; what goes wrong with one of them does not touch the others."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import BinaryIO, Protocol

from neural_lab.errors import InvalidDocument, InvalidRequest, LabError, ModelUnavailable
from neural_lab.files import STANDARD, is_folder
from neural_lab.outcome import Report
from neural_lab.reading import read_path, read_stdin
from neural_lab.types import Document


class Analyst(Protocol):
    """Anything that turns a document into a report."""

    def analyze(self, document: Document, target: float = ...) -> Report: ...


def examine(
    lab: Analyst, paths: Iterable[Path], target: float, stdin: BinaryIO
) -> tuple[list[Report], list[tuple[str, LabError]]]:
    """Reports in the order of `paths`, and the paths that gave none with the reason."""
    reports: list[Report] = []
    errors: list[tuple[str, LabError]] = []
    for path in paths:
        try:
            reports.append(lab.analyze(read(path, stdin), target=target))
        except ModelUnavailable:
            raise
        except LabError as error:
            errors.append((str(path), error))
    return reports, errors


def read(path: Path, stdin: BinaryIO) -> Document:
    if is_folder(path):
        raise InvalidDocument("empty_folder", "There is no document in this folder, or it may not be opened.")
    return read_stdin(stdin) if path == STANDARD else read_path(path)


def known_target(targets: Sequence[float], wanted: float) -> float:
    """The detector's own value of `wanted`; only measured targets have cut points."""
    for target in targets:
        if math.isclose(target, wanted, rel_tol=1e-6):
            return target
    choices = ", ".join(f"{target:g}" for target in sorted(targets))
    raise InvalidRequest("unknown_target", f"--target has to be one of {choices}, not {wanted:g}.")
