"""The files of a corpus: on this computer, or behind a URL that Arrow can open."""

from __future__ import annotations

import io
import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any, BinaryIO

from neural_lab.errors import InvalidRequest
from neural_lab.files import SUFFIXES as DOCUMENTS
from neural_lab.report.characters import one_line, well_formed

TABLES = (".csv", ".tsv", ".jsonl", ".ndjson", ".parquet")
PACKED = (".gz", ".xz")
NO_ARROW = "needs pyarrow: install the extra `ray` or `train`."


@dataclass(frozen=True)
class File:
    """One file, by its name inside the corpus; `system` is the file system of Arrow that has it, if any."""

    name: str
    path: str
    system: Any = None

    def open(self) -> BinaryIO:
        """Raises `OSError`."""
        if not self.system:
            return Path(self.path).open("rb")
        # Arrow's own streams have no lines.
        return io.BufferedReader(self.system.open_input_file(self.path))

    @property
    def local(self) -> str:
        """Its absolute path on this computer, "" where it has none."""
        return "" if self.system else str(Path(self.path).resolve())

    @property
    def packing(self) -> str:
        """`.gz`, `.xz` or ""."""
        last = PurePosixPath(self.path).suffix.lower()
        return last if last in PACKED else ""

    @property
    def kind(self) -> str:
        """The suffix that says how to read it, without that of its packing."""
        name = PurePosixPath(self.path.removesuffix(self.packing) if self.packing else self.path)
        return name.suffix.lower()


def corpus(source: str) -> list[File]:
    """The file at `source`, or all that can be read in that folder, sorted by name.

    Raises `InvalidRequest` where there is nothing.
    """
    found = sorted(_remote(source) if "://" in source else _local(Path(source)), key=lambda file: file.name)
    if not found:
        kinds = "JSON lines, CSV, TSV, Parquet or documents"
        raise InvalidRequest(
            "no_input", f"There is nothing to score there: name a file or folder of {kinds}."
        )
    return found


def is_readable(file: File) -> bool:
    """Whether a file of a folder belongs to the corpus."""
    return (file.kind in TABLES and not (file.packing and file.kind == ".parquet")) or (
        file.kind in DOCUMENTS and not file.packing
    )


def _local(path: Path) -> Iterator[File]:
    if path.is_file():
        yield File(well_formed(path.name), str(path))
        return
    refused: list[OSError] = []
    for parent, folders, names in os.walk(path, onerror=refused.append):
        folders[:] = [name for name in folders if not name.startswith(".")]
        for file in (Path(parent, name) for name in names if not name.startswith(".")):
            found = File(well_formed(file.relative_to(path).as_posix()), str(file))
            if file.is_file() and is_readable(found):
                yield found
    for error in refused:
        raise InvalidRequest(
            "no_input", f"{one_line(str(error.filename))} cannot be opened: {error.strerror}."
        )


def _remote(url: str) -> Iterator[File]:
    """The address may hold a secret: no message repeats it."""
    try:
        import pyarrow.fs as arrow
    except ImportError as error:
        raise InvalidRequest("no_pyarrow", f"Reading from an address {NO_ARROW}") from error
    try:
        system, root = arrow.FileSystem.from_uri(url)
        info = system.get_file_info(root)
        inside = (
            system.get_file_info(arrow.FileSelector(root, recursive=True)) if not info.is_file else [info]
        )
    except (OSError, ValueError) as error:
        reason = "There is nothing at that address, or it may not be opened."
        raise InvalidRequest("no_input", reason) from error
    for each in inside:
        name = (
            PurePosixPath(each.path).relative_to(root) if each is not info else PurePosixPath(each.base_name)
        )
        found = File(well_formed(str(name)), each.path, system)
        hidden = any(part.startswith(".") for part in name.parts)
        if each.is_file and (each is info or (is_readable(found) and not hidden)):
            yield found
