"""What was done to the detectors: one line an event, and nothing of anybody's text."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from enum import StrEnum
from pathlib import Path

from neural_lab.detectors.disk import replaced
from neural_lab.errors import ModelUnavailable


class What(StrEnum):
    ADDED = "added"
    PROMOTED = "promoted"
    ROLLED_BACK = "rolled_back"
    CHALLENGED = "challenged"
    REFUSED = "refused"
    REMOVED = "removed"


@dataclass(frozen=True, slots=True)
class Happened:
    """`who` did `what` to `version` at `at`, ISO 8601 in UTC, because of `why`, of which two may be "".

    `before` is what stood there until then, None where nothing did.
    """

    at: str
    what: str
    version: str
    before: str | None = None
    who: str = ""
    why: str = ""


def read(path: Path) -> list[Happened]:
    """The oldest first. Raises `ModelUnavailable` for a file that is none of ours."""
    try:
        return [Happened(**json.loads(line)) for line in path.read_text("utf-8").splitlines()]
    except FileNotFoundError:
        return []
    except (OSError, ValueError, TypeError) as error:
        message = f"{path} cannot be read: move it away, and a new one is begun."
        raise ModelUnavailable("damaged_history", message) from error


def add(path: Path, happened: Happened) -> None:
    """Written anew as a whole, so that no line is ever half there. Only who holds the lock may."""
    before = path.read_bytes() if path.exists() else b""
    line = json.dumps(asdict(happened), ensure_ascii=True)
    replaced(path, before + line.encode() + b"\n")
