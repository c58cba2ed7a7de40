"""What a document is audited against: the user's library, a part of it, another store, or files."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from neural_lab.audit.scope import Scope
from neural_lab.commands.opening import OWNER, opened
from neural_lab.errors import InvalidRequest, LabError
from neural_lab.report import library_words, words

if TYPE_CHECKING:
    from neural_lab.ports import Library


@dataclass(frozen=True)
class Searched:
    """A library, which of its collections are meant (all if none is named), and what could not be read."""

    library: Library
    collections: frozenset[str]
    errors: tuple[tuple[str, LabError], ...] = ()
    is_files: bool = False

    def described(self) -> Scope:
        """How much is searched."""
        found = scope(self.library, self.collections)
        return Scope(found.sources, found.characters) if self.is_files else found

    def check(self, sources: Sequence[int]) -> None:
        """Raises `InvalidRequest` for a number that is no source of these."""
        known = self.library.sources(sources) if sources else []
        meant = (s.id for s in known if not self.collections or s.collection in self.collections)
        check_sources(sources, meant, "that is searched")


def scope(library: Library, collections: frozenset[str] = frozenset()) -> Scope:
    """How much a library holds, or some of its collections."""
    if collections:
        found = [source for source in library.sources() if source.collection in collections]
        return Scope(len(found), sum(each.characters for each in found), tuple(sorted(collections)))
    stats = library.stats()
    return Scope(stats.sources, stats.characters, tuple(sorted(stats.collections)))


def check_sources(asked: Sequence[int], known: Iterable[int], where: str) -> None:
    """Raises `InvalidRequest` for a number that is not among the `known`."""
    if unknown := sorted(set(asked).difference(known)):
        message = f"--exclude-source {unknown[0]}: no source {where} has this number."
        raise InvalidRequest("exclude_source", message)


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
    return Searched(library, frozenset(), tuple(intake.errors), is_files=True)


def templates(paths: Sequence[Path] | None) -> Library | None:
    """What everybody was given. Raises `InvalidRequest` for a file that cannot be read."""
    if not paths:
        return None
    found = from_files(paths)
    for path, error in found.errors:
        raise InvalidRequest("template", f"--template {words.failure(path, error)}")
    return found.library


def _check(collections: frozenset[str], library: Library) -> None:
    known = library.stats().collections if collections else {}
    if missing := sorted(collections.difference(known)):
        held = ", ".join(sorted(known)) or "none"
        message = (
            f"--library {missing[0]}: there is no such file, folder or collection (collections: {held})."
        )
        raise InvalidRequest("library", message)
