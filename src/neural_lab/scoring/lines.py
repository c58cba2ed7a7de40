"""Rows of text files, whatever stands in them: each line is bounded, and nothing raises past its row."""

from __future__ import annotations

import csv
import gzip
import io
import json
import lzma
import re
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, BinaryIO, TextIO, cast

from neural_lab.errors import InvalidRequest
from neural_lab.scoring.corpus import File

LONGEST = 64 << 20
"""Bytes of a line of JSON, and characters of a row of a table."""
DELIMITERS = {".csv": ",", ".tsv": "\t"}
DAMAGED = (OSError, EOFError, zlib.error, lzma.LZMAError)
_UNDECODED = re.compile("[\udc80-\udcff]")

Cells = dict[str, Any] | str
"""Values by column, or the code of what is wrong with the row."""
Numbered = Iterator[tuple[int, Cells]]


@contextmanager
def unpacked(file: File) -> Iterator[BinaryIO]:
    """The bytes of a file, out of their packing. Raises one of `DAMAGED`."""
    with file.open() as stream:
        if not file.packing:
            yield stream
            return
        with gzip.GzipFile(fileobj=stream) if file.packing == ".gz" else lzma.LZMAFile(stream) as inner:
            yield cast(BinaryIO, inner)


def json_rows(stream: BinaryIO) -> Numbered:
    """Lines that are not blank, by number from 1; a line that is too long is passed over."""
    number = 0
    while line := stream.readline(LONGEST + 1):
        number += 1
        if len(line) > LONGEST:
            _pass_over(stream, line)
            yield number, "too_large"
        elif line.strip():
            yield number, _parsed(line)


def table_rows(stream: BinaryIO, file: File) -> Numbered:
    """Rows of a table by number from 2; the last one of a table that is cut off or torn is `unreadable`."""
    text = io.TextIOWrapper(stream, "utf-8-sig", errors="surrogateescape", newline="")
    # The limit is the process's: it is only ever raised, and `_Lines` keep a row below it.
    csv.field_size_limit(max(csv.field_size_limit(), LONGEST))
    lines = _Lines(text)
    reader = csv.reader(lines, delimiter=DELIMITERS[file.kind], strict=True)
    number = 1
    try:
        header = [name.strip() for name in next(reader, [])]
        for number, cells in enumerate(reader, 2):
            lines.left = LONGEST
            if cells:
                yield number, _named(header, cells)
    except (csv.Error, _TooLong) as error:
        yield number + 1, "too_large" if isinstance(error, _TooLong) else "unreadable"
    finally:
        text.detach()


def header(file: File) -> list[str]:
    """Names of a table's columns; none where it cannot be read."""
    try:
        with unpacked(file) as stream:
            first = stream.readline(LONGEST).decode("utf-8-sig", "replace")
        return [name.strip() for name in next(csv.reader([first], delimiter=DELIMITERS[file.kind]), [])]
    except (*DAMAGED, csv.Error):
        return []


def require(columns: list[str], wanted: str, file: File) -> None:
    """Raises `InvalidRequest` where a table lacks a column: a typing error must not cost a row each."""
    if columns and columns.count(wanted) != 1:
        times = "more than one column" if wanted in columns else "no column"
        message = (
            f"{file.name} has {times} of the name given; name another with --text-column or --id-column."
        )
        raise InvalidRequest("no_column", message)


class _TooLong(Exception):
    """A row goes on and on, as behind a stray quotation mark."""


class _Lines:
    """Lines of a table, bounded for one row until `left` is set anew."""

    def __init__(self, stream: TextIO) -> None:
        self.stream, self.left = stream, LONGEST

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        if not (line := self.stream.readline(self.left + 1)):
            raise StopIteration
        self.left -= len(line)
        if self.left < 0:
            raise _TooLong
        return line


def _pass_over(stream: BinaryIO, line: bytes) -> None:
    while line and not line.endswith(b"\n"):
        line = stream.readline(1 << 20)


def _parsed(line: bytes) -> Cells:
    try:
        value = json.loads(line.decode("utf-8-sig"))
    except UnicodeDecodeError:
        return "not_utf8"
    except (ValueError, RecursionError):
        return "not_json"
    return value if isinstance(value, dict) else "not_an_object"


def _named(columns: list[str], cells: list[str]) -> Cells:
    if len(cells) != len(columns):
        return "other_cells"
    return "not_utf8" if any(map(_UNDECODED.search, cells)) else dict(zip(columns, cells, strict=True))
