"""Files named on the command line: which ones are meant, and how an answer is written."""

from __future__ import annotations

import os
import secrets
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from neural_lab.errors import InvalidRequest

STANDARD = Path("-")
"""Stands for standard input or output."""
_TEXTS = (".txt", ".text", ".rst", ".md", ".markdown", ".mdown", ".mkd", ".tex", ".latex", ".ltx")
_PAGES = (".html", ".htm", ".xhtml", ".epub", ".pdf")
_OFFICE = (".doc", ".docx", ".docm", ".dotx", ".odt", ".ott", ".rtf")
SUFFIXES = frozenset((*_TEXTS, *_PAGES, *_OFFICE))
"""What counts as a document in a folder; kinds that cannot be read are named so that they are reported."""


def full_path(path: Path) -> str:
    """One name for a file, however it was named: without `..`, and behind symbolic links."""
    return str(path.resolve())


def expand(paths: Iterable[Path]) -> Iterator[Path]:
    """Files as they are; folders as the documents in them, sorted. A folder without any stands for itself."""
    for path in paths:
        inside = sorted(_documents(path)) if is_folder(path) else []
        yield from inside or [path]


def is_folder(path: Path) -> bool:
    try:
        return path.is_dir()
    except OSError:
        return False


def in_folder(path: Path) -> Path:
    """`path`, if a file can be put there."""
    if path.is_dir() or not path.parent.is_dir():
        raise InvalidRequest("no_folder", f"{path} cannot be written: name a file in a folder that exists.")
    return path


def fresh_page(path: Path, inputs: Iterable[Path]) -> Path:
    """`path`, if a page written there destroys neither an input nor a file of another kind."""
    if path == STANDARD:
        raise InvalidRequest("not_a_page", "A page is not printed: name an .html file to write it to.")
    refuse_inputs(path, inputs)
    if path.exists() and path.is_file() and path.suffix.lower() not in (".html", ".htm"):
        raise InvalidRequest("not_a_page", f"{path} exists and is not an HTML file; name a new .html file.")
    return in_folder(path)


def fresh_file(path: Path, *, force: bool) -> Path:
    """`path`, if a file written there replaces no other, or may."""
    if path != STANDARD and path.is_file() and not force:
        raise InvalidRequest(
            "exists", f"{path} exists already: name another file, or replace it with --force."
        )
    return path


def refuse_inputs(path: Path, inputs: Iterable[Path]) -> None:
    """Raises `InvalidRequest` when writing to `path` would replace one of `inputs`."""
    if any(path.resolve() == given.resolve() for given in inputs if given != STANDARD):
        raise InvalidRequest("is_input", f"{path} is also an input; name another file to write to.")


@contextmanager
def replacing(path: Path, mode: int = 0o666) -> Iterator[BinaryIO]:
    """A new file that takes the place of `path` only when all went well; devices and pipes are written to.

    `mode` says who may read and write it, as far as the user's mask allows.
    """
    target = in_folder(path).resolve()
    if target.exists() and not target.is_file():
        with target.open("wb") as file:
            yield file
        return
    draft = target.with_name(f".{target.name}.{secrets.token_hex(4)}.part")
    try:
        with _begun(draft, path, mode) as file:
            yield file
        draft.replace(target)
    finally:
        draft.unlink(missing_ok=True)


def _begun(draft: Path, path: Path, mode: int) -> BinaryIO:
    try:
        draft.touch(mode, exist_ok=False)
        return draft.open("wb")
    except OSError as error:
        reason = f"{path} cannot be written: {error.strerror or 'the folder refuses it'}."
        raise InvalidRequest("not_writable", reason) from error


def _documents(folder: Path) -> Iterator[Path]:
    """Visible documents; a folder that cannot be opened stands for itself, so that it is reported."""
    refused: list[OSError] = []
    for parent, folders, names in os.walk(folder, onerror=refused.append):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        yield from (Path(parent, n) for n in names if n[0] != "." and Path(n).suffix.lower() in SUFFIXES)
    yield from (Path(error.filename) for error in refused)
