"""The rows of a corpus, one after another: each is given to be scored, or says what keeps it from that."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from neural_lab.reading import Limits
from neural_lab.report.characters import well_formed
from neural_lab.scoring import parquet
from neural_lab.scoring.corpus import TABLES, File
from neural_lab.scoring.given import Given, Id
from neural_lab.scoring.lines import (
    DAMAGED,
    DELIMITERS,
    Cells,
    Numbered,
    header,
    json_rows,
    require,
    table_rows,
    unpacked,
)

LIMITS = Limits()
ID = "id"


@dataclass(frozen=True, slots=True)
class Columns:
    """Names of the columns with the text and with the id; `id` is None for “id, where there is one”."""

    text: str = "text"
    id: str | None = None

    @property
    def wanted(self) -> list[str]:
        return [self.text, *([self.id] if self.id else [])]


DEFAULT = Columns()


def rows(files: Iterable[File], columns: Columns) -> Iterator[Given]:
    """All rows in order. Raises `InvalidRequest` for a table without one of the `columns` named."""
    for file in files:
        if file.kind not in TABLES:
            yield _document(file)
            continue
        for number, cells in _numbered(file, columns):
            yield _given(f"{file.name}:{number}", cells, columns)


def _numbered(file: File, columns: Columns) -> Numbered:
    if file.kind == ".parquet":
        parquet.require_columns(file, columns.wanted)
        yield from parquet.parquet_rows(file, [columns.text, columns.id or ID])
        return
    if file.kind in DELIMITERS:
        for name in columns.wanted:
            require(header(file), name, file)
    number = 0
    try:
        with unpacked(file) as stream:
            for number, cells in table_rows(stream, file) if file.kind in DELIMITERS else json_rows(stream):
                yield number, cells
    except DAMAGED:
        yield number + 1, "unreadable"


def _document(file: File) -> Given:
    name = file.name
    try:
        with file.open() as stream:
            data = stream.read(LIMITS.file_bytes + 1)
    except OSError:
        return Given(name, name, error="unreadable")
    # What is larger than may be read is not carried around: its bytes are refused by their number.
    over = len(data) > LIMITS.file_bytes
    return Given(name, name, None, None if over else data, "too_large" if over else "", file.local)


def _given(row: str, cells: Cells, columns: Columns) -> Given:
    if isinstance(cells, str):
        return Given(row, error=cells)
    text, known = cells.get(columns.text), _id(cells.get(columns.id or ID))
    if not isinstance(text, str):
        return Given(row, known, error="no_text")
    if not text.strip():
        return Given(row, known, error="blank_text")
    if len(text) > LIMITS.characters:
        return Given(row, known, error="too_many_characters")
    return Given(row, known, well_formed(text))


def _id(value: object) -> Id:
    """Text and whole numbers as they are; tables spell whole numbers 7.0 and missing ones NaN."""
    if isinstance(value, float) and value.is_integer():
        return int(value)
    if isinstance(value, bool) or not isinstance(value, str | int) or value == "":
        return None
    return well_formed(value) if isinstance(value, str) else value
