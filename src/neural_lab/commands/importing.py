"""Exported sources on their way back into a library."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from neural_lab.audit.source import Incoming
from neural_lab.errors import InvalidRequest
from neural_lab.intake import Intake, batches, from_row
from neural_lab.ports import Library
from neural_lab.report.library_words import ADDING
from neural_lab.report.progress import watched
from neural_lab.rows import lines
from neural_lab.tally import Shelving


def import_rows(library: Library, path: Path, stdin: BinaryIO) -> Intake:
    """What became of the rows of a file.

    Raises `InvalidRequest` for a row that is no source and names its line; rows before
    it may have been added, and adding them again does nothing.
    """
    shelving = Shelving(library)
    for batch in batches(watched(_rows(path, stdin), ADDING)):
        shelving.put(batch)
    return Intake(shelving.tally)


def _rows(path: Path, stdin: BinaryIO) -> Iterator[Incoming]:
    for number, line in enumerate(lines(path, stdin), 1):
        if not line.strip():
            continue
        try:
            yield _row(line)
        except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
            message = f"Line {number} of {path} is no exported source: an object with “text” and “title”."
            raise InvalidRequest("bad_row", message) from None


def _row(line: bytes) -> Incoming:
    return from_row(json.loads(line))
