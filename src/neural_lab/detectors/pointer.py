"""Which detector answers, or is tried beside it: a small file with its name."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from neural_lab.detectors.disk import replaced
from neural_lab.errors import ModelUnavailable

EMBEDDED = ""
"""Stands for the detector that was installed with the program."""


@dataclass(frozen=True, slots=True)
class Pointer:
    """`version` has been chosen since `since`, ISO 8601 in UTC, in the place of `before`.

    `before` is None where there is no way back: nothing was there, or it was gone back to already.
    """

    version: str
    since: str
    before: str | None = None


def read(path: Path) -> Pointer | None:
    """None where nothing was chosen. Raises `ModelUnavailable` for a file that is none of ours."""
    try:
        return _parsed(json.loads(path.read_text("utf-8")))
    except FileNotFoundError:
        return None
    except (OSError, ValueError, TypeError) as error:
        message = f"{path} cannot be read: delete it, and choose a detector again."
        raise ModelUnavailable("damaged_pointer", message) from error


def _parsed(values: dict[str, Any]) -> Pointer:
    """Raises `TypeError`."""
    found = Pointer(**values)
    if not all(isinstance(each, str) for each in (found.version, found.since, found.before or EMBEDDED)):
        raise TypeError
    return found


def write(path: Path, pointer: Pointer) -> None:
    replaced(path, (json.dumps(asdict(pointer)) + "\n").encode())
