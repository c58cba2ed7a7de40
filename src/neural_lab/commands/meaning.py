"""Which sources a user means."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

from neural_lab.audit.source import Source
from neural_lab.commands.options import DIGITS
from neural_lab.errors import InvalidRequest
from neural_lab.files import full_path


def meant(sources: Iterable[Source], named: Sequence[str] | None) -> tuple[list[int], list[str]]:
    """Numbers of the sources that are named, all where nothing is, and the names that mean none.
    Raises `InvalidRequest` for an empty name.

    Digits mean a number; a path means itself and, for a folder, what was added from inside.
    """
    known = list(sources)
    if not named:
        return [source.id for source in known], []
    if not all(name.strip() for name in named):
        # An empty path would mean the working directory and all that was added from there.
        raise InvalidRequest("empty_name", "A name is empty; name sources by number or path.")
    found = {name: _meant(known, name) for name in named}
    numbers = sorted({number for each in found.values() for number in each})
    return numbers, [name for name, each in found.items() if not each]


def _meant(sources: Iterable[Source], name: str) -> list[int]:
    if name.isdecimal() and len(name) <= DIGITS:
        return [source.id for source in sources if source.id == int(name)]
    path = full_path(Path(name))
    return [each.id for each in sources if each.path and Path(each.path).is_relative_to(path)]
