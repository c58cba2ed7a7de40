"""What a document is audited against: the user's library, a part of it, another store, or files."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from neural_lab.commands.options import OWNER, opened
from neural_lab.errors import InvalidRequest, LabError
from neural_lab.report import library_words

if TYPE_CHECKING:
    from neural_lab.ports import Library


@dataclass(frozen=True)
class Searched:
    """A library, which of its collections are meant (all if none is named), and what could not be read."""

    library: Library
    collections: frozenset[str]
    errors: tuple[tuple[str, LabError], ...] = ()

    def described(self) -> dict[str, Any]:
        """How much is searched, as plain values."""
        stats = self.library.stats()
        named = sorted(self.collections or stats.collections)
        return {"sources": stats.sources, "characters": stats.characters, "collections": named}


@contextmanager
def searched(named: Sequence[str], url: str | None) -> Iterator[Searched]:
    """The library that `--library` options name: a URL, files or folders, or collections of the user's own.

    Raises `InvalidRequest` for a mixture, and for a collection that there is not.
    """
    urls = [name for name in named if "://" in name]
    files = [Path(name) for name in named if "://" not in name and Path(name).exists()]
    collections = frozenset(named).difference(urls, map(str, files), (n for n in named if Path(n).exists()))
    if len(urls) > 1 or (files and (urls or collections)):
        message = "--library takes either files and folders, or one URL and names of collections."
        raise InvalidRequest("library", message)
    if files:
        yield from_files(files)
        return
    with opened(urls[0] if urls else url) as (store, _):
        library = store.library(OWNER)
        _check(collections, library)
        yield Searched(library, collections)


def from_files(paths: Sequence[Path]) -> Searched:
    """A library of files that is gone with the process."""
    from neural_lab.backends.memory_store import MemoryStore
    from neural_lab.files import expand
    from neural_lab.intake import Described, take_in
    from neural_lab.report.progress import watched

    library = MemoryStore().library(OWNER)
    files = watched(list(dict.fromkeys(expand(paths))), library_words.READING)
    intake = take_in(library, files, Described(), None, sys.stdin.buffer)
    return Searched(library, frozenset(), tuple(intake.errors))


def _check(collections: frozenset[str], library: Library) -> None:
    known = library.stats().collections if collections else {}
    if missing := sorted(collections.difference(known)):
        held = ", ".join(sorted(known)) or "none"
        message = (
            f"--library {missing[0]}: there is no such file, folder or collection (collections: {held})."
        )
        raise InvalidRequest("library", message)
