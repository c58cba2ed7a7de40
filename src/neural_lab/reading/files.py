"""The bytes of a file or a stream, never more than allowed."""

from __future__ import annotations

import stat
from pathlib import Path
from typing import BinaryIO

from neural_lab.reading.limits import Budget
from neural_lab.reading.refusal import Refused


def bytes_of_path(path: Path, budget: Budget) -> bytes:
    try:
        _refuse_irregular(path)
        with path.open("rb") as stream:
            return bytes_of_stream(stream, budget)
    except (FileNotFoundError, NotADirectoryError, ValueError) as error:
        raise Refused("not_found") from error
    except OSError as error:
        raise Refused("unreadable") from error


def bytes_of_stream(stream: BinaryIO, budget: Budget) -> bytes:
    """One byte more than allowed is asked for, whatever size was announced."""
    data = stream.read(budget.limits.file_bytes + 1)
    budget.allow_bytes(len(data))
    return data


def _refuse_irregular(path: Path) -> None:
    """Before opening: opening a named pipe waits for its writer."""
    mode = path.stat().st_mode
    if stat.S_ISDIR(mode):
        raise Refused("is_a_directory")
    if not stat.S_ISREG(mode):
        raise Refused("unreadable", "is not a regular file; copy its contents into one")
