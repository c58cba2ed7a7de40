"""Labelled texts from files: CSV, TSV, JSON lines and Parquet, alone or in folders; no file is trusted."""

import csv
import gzip
import importlib
import io
import json
import lzma
import os
import re
import zlib
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, fields
from itertools import count
from pathlib import Path
from typing import Any, BinaryIO, TextIO, cast

from neural_lab.errors import InvalidRequest
from neural_lab.files import is_folder
from neural_lab.report.characters import one_line, well_formed

TEXT_CHARACTERS, ROW_CHARACTERS, UNPACKED_BYTES = 2_000_000, 16_000_000, 4 << 30
MOST_ERRORS, MOST_NAMES, LONGEST_NAME, MOST_SEEN, BATCH = 20, 30, 30, 10_000, 128
DELIMITERS = {".csv": ",", ".tsv": "\t"}
SUFFIXES = (*DELIMITERS, ".jsonl", ".ndjson", ".parquet")
PACKED = (".gz", ".xz")
LABELS = {"0": 0, "human": 0, "false": 0, "1": 1, "machine": 1, "ai": 1, "generated": 1, "true": 1}
UNLABELLED, UNKNOWN = "", -1
"""A column for labels that nobody needs, and the label of every text then."""
_UNDECODED = re.compile("[\udc80-\udcff]")


@dataclass(frozen=True, slots=True)
class Record:
    """One labelled text as it stands in the file; `label` is 0 for human and 1 for machine, "" is unknown.

    Texts of one `group` belong in one part of a split. `row` says where the text
    was found, as `file.csv:17`; the header of a table is row 1.
    """

    text: str
    label: int
    source: str
    domain: str
    model: str
    attack: str
    writer: str
    group: str
    row: str


@dataclass(frozen=True, slots=True)
class Columns:
    """Names of the columns; under their own names all but `text` and `label` may be absent."""

    text: str = "text"
    label: str = "label"
    group: str = "group"
    source: str = "source"
    domain: str = "domain"
    model: str = "model"
    attack: str = "attack"
    writer: str = "writer"

    @property
    def required(self) -> tuple[str, ...]:
        """`text`, `label`, and whatever was renamed: nobody renames a column that is not there."""
        names = [(getattr(self, each.name), each.default) for each in fields(self)]
        first = (self.text, *([] if self.label == UNLABELLED else [self.label]))
        return (*first, *(name for name, default in names[2:] if name != default))

    @property
    def wanted(self) -> set[str]:
        return {"group", "pair", *(getattr(self, each.name) for each in fields(self))}


DEFAULT_COLUMNS = Columns()


class _Unusable(Exception):
    """What is wrong with a row or a file, worded to stand behind its name."""


Row = dict[str, Any]
Numbered = Iterator[tuple[int, Row | _Unusable]]


@dataclass
class _Reading:
    """What has been read so far: bytes unpacked, and all that was wrong."""

    columns: Columns
    unpacked: int = 0
    errors: list[str] = field(default_factory=list)

    def note(self, where: str, error: _Unusable) -> None:
        self.errors.append(f"{one_line(where)}: {error}.")
        if len(self.errors) == MOST_ERRORS:
            self.errors.append("There may be more.")
            self.close()

    def count(self, unpacked: int) -> None:
        self.unpacked += unpacked
        if self.unpacked > UNPACKED_BYTES:
            raise _Unusable(f"unpacks, after the files before it, to over {UNPACKED_BYTES:,} bytes; split it")

    def close(self) -> None:
        if self.errors:
            raise InvalidRequest("invalid_dataset", " ".join(self.errors))


class _Lines:
    """Lines of a stream: bounded for one row, until `left` is set anew, and for all packed files together."""

    def __init__(self, stream: TextIO, reading: _Reading, packed: bool) -> None:
        self.stream, self.reading, self.packed, self.left = stream, reading, packed, ROW_CHARACTERS

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        if not (line := self.stream.readline(self.left + 1)):
            raise StopIteration
        self.left -= len(line)
        if self.left < 0:
            raise _Unusable(f"has a row of over {ROW_CHARACTERS:,} characters")
        if self.packed:
            self.reading.count(len(line.encode("utf-8", "surrogateescape")))
        return line


def read_dataset(paths: Sequence[Path], columns: Columns = DEFAULT_COLUMNS) -> Iterator[Record]:
    """Records of files and of all files inside folders, in order, read as they are asked for.

    A missing value is "", a missing source the file's name, a missing group the
    column `pair` or else the row itself. Raises `InvalidRequest` once, behind the last
    record or with the twentieth error: it names files, rows and columns, never the text.
    """
    reading = _Reading(columns)
    for path, name in _files(paths, reading):
        try:
            yield from _records(path, name, reading)
        except _Unusable as error:
            reading.note(name, error)
    reading.close()


def validate(records: Iterable[Record], least: int = 100) -> None:
    """Raises `InvalidRequest` unless there are at least `least` texts of each class."""
    counted = Counter(record.label for record in records)
    human, machine = counted[0], counted[1]
    if min(human, machine) < max(least, 1):
        found = f"{human:,} human and {machine:,} machine texts were found"
        code = "too_few_texts" if human and machine else "one_class"
        raise InvalidRequest(code, f"At least {max(least, 1):,} texts of each class are needed: {found}.")


def _files(paths: Sequence[Path], reading: _Reading) -> list[tuple[Path, str]]:
    """Files, each once, by their names in the folder given, or by their whole paths where names are alike."""
    found: dict[Path, tuple[Path, str]] = {}
    for path in paths:
        inside = sorted(_inside(path, reading)) if is_folder(path) else [path]
        if not inside:
            reading.note(str(path), _Unusable(f"holds no file that ends in {', '.join(SUFFIXES)}"))
        base = path if is_folder(path) else path.parent
        for file in inside:
            found.setdefault(file.absolute(), (file, well_formed(file.relative_to(base).as_posix())))
    named = Counter(name for _, name in found.values())
    return [
        (file, name if named[name] == 1 else well_formed(file.as_posix())) for file, name in found.values()
    ]


def _inside(folder: Path, reading: _Reading) -> Iterator[Path]:
    refused: list[OSError] = []
    for parent, folders, names in os.walk(folder, onerror=refused.append):
        folders[:] = [name for name in folders if not name.startswith(".")]
        files = (Path(parent, name) for name in names if not name.startswith("."))
        yield from (file for file in files if _kind(file) in SUFFIXES and file.is_file())
    for error in refused:
        reading.note(str(error.filename), _Unusable(f"cannot be opened: {error.strerror}"))


def _kind(path: Path) -> str:
    """The suffix that says how to read a file, without that of its packing; Parquet is never packed again."""
    outer = path.suffix.lower()
    inner = Path(path.stem).suffix.lower() if outer in PACKED else outer
    return "" if outer in PACKED and inner == ".parquet" else inner


def _records(path: Path, name: str, reading: _Reading) -> Iterator[Record]:
    source = well_formed(Path(path.stem).stem if path.suffix.lower() in PACKED else path.stem)
    for number, row in _rows(path, reading):
        where = f"{name}:{number}"
        try:
            record = _record(row, reading.columns, source, where)
        except _Unusable as error:
            reading.note(where, error)
        else:
            yield record


def _record(row: Row | _Unusable, columns: Columns, source: str, where: str) -> Record:
    if isinstance(row, _Unusable):
        raise row
    text = _text(row, columns.text)
    label = UNKNOWN if columns.label == UNLABELLED else _label(row, columns.label)
    names = (columns.domain, columns.model, columns.attack, columns.writer)
    domain, model, attack, writer = (_plain(row, name) for name in names)
    groups = (_plain(row, name) for name in (columns.group, "group", "pair"))
    group = next(filter(None, groups), where)
    source = _plain(row, columns.source) or source
    return Record(text, label, source, domain, model, attack, writer, group, where)


def _text(row: Row, column: str) -> str:
    value = row.get(column, "")
    if not isinstance(value, str | None):
        raise _Unusable(f"column “{column}” is not text")
    if not value or not value.strip():
        raise _Unusable(f"column “{column}” is {'blank' if column in row else 'missing'}")
    if len(value) > TEXT_CHARACTERS:
        raise _Unusable(f"column “{column}” has over {TEXT_CHARACTERS:,} characters")
    if "\0" in value:
        raise _Unusable(f"column “{column}” has NUL characters")
    return well_formed(value)


def _label(row: Row, column: str) -> int:
    value = row.get(column)
    if isinstance(value, float | int) and value in (0, 1):
        return int(value)
    found = LABELS.get(value.strip().casefold()) if isinstance(value, str) else None
    if found is None:
        raise _Unusable(f"column “{column}” is none of {', '.join(LABELS)}")
    return found


def _plain(row: Row, column: str) -> str:
    value = row.get(column)
    if value is None or value != value:  # NaN is how tables spell a missing value
        return ""
    if not isinstance(value, str | int | float):
        raise _Unusable(f"column “{column}” is neither text nor a number")
    whole = isinstance(value, float) and value.is_integer()
    return well_formed(str(int(value) if whole else value)).replace("\0", "").strip()


def _rows(path: Path, reading: _Reading) -> Numbered:
    kind = _kind(path)
    if kind not in SUFFIXES:
        raise _Unusable(f"ends in none of {', '.join(SUFFIXES)} (.gz and .xz too, but for Parquet)")
    if kind == ".parquet":
        yield from _parquet_rows(path, reading)
        return
    with _opened(path) as stream:
        lines = _Lines(stream, reading, path.suffix.lower() in PACKED)
        if kind in DELIMITERS:
            yield from _table_rows(lines, DELIMITERS[kind], reading.columns)
        else:
            yield from _json_rows(lines, reading.columns)


@contextmanager
def _opened(path: Path) -> Iterator[TextIO]:
    """A file as text, line ends as they are; bytes that are not UTF-8 become lone surrogates."""
    try:
        with _binary(path) as file:
            yield io.TextIOWrapper(file, "utf-8-sig", errors="surrogateescape", newline="")
    except (OSError, EOFError, zlib.error, lzma.LZMAError) as error:
        reason = getattr(error, "strerror", None) or "it is damaged or incomplete"
        raise _Unusable(f"cannot be read: {reason}") from error


def _binary(path: Path) -> BinaryIO:
    match path.suffix.lower():
        case ".gz":
            return cast(BinaryIO, gzip.open(path))
        case ".xz":
            return cast(BinaryIO, lzma.open(path))
        case _:
            return path.open("rb")


def _table_rows(lines: _Lines, delimiter: str, columns: Columns) -> Numbered:
    # The limit is the process's: it is only ever raised, and `lines` keep a row below it.
    csv.field_size_limit(max(csv.field_size_limit(), ROW_CHARACTERS))
    reader = csv.reader(lines, delimiter=delimiter, strict=True)
    try:
        header = [name.strip() for name in next(reader, [])]
        if _UNDECODED.search("".join(header)):
            raise _Unusable("is not UTF-8; save it as UTF-8")
        _require(columns.required, header, columns.wanted)
        for number, cells in enumerate(reader, 2):
            lines.left = ROW_CHARACTERS
            if cells:
                yield number, _named(header, cells)
    except csv.Error as error:
        raise _Unusable(f"has a stray quotation mark before line {reader.line_num + 1}") from error


def _named(header: list[str], cells: list[str]) -> Row | _Unusable:
    if len(cells) != len(header):
        return _Unusable(f"has {len(cells)} cells under a header of {len(header)}")
    for name, cell in zip(header, cells, strict=True):
        if _UNDECODED.search(cell):
            return _Unusable(f"column “{_shown(name)}” is not UTF-8")
    return dict(zip(header, cells, strict=True))


def _json_rows(lines: _Lines, columns: Columns) -> Numbered:
    seen: dict[str, None] = {}
    for number, line in enumerate(lines, 1):
        lines.left = ROW_CHARACTERS
        if line.strip():
            row = _parsed(line)
            if not isinstance(row, _Unusable):
                if not seen:
                    _require(columns.required[: 1 + (columns.label != UNLABELLED)], row)
                if len(seen) < MOST_SEEN:
                    seen.update(dict.fromkeys(row))
            yield number, row
    if seen:
        _require(columns.required, seen)


def _parsed(line: str) -> Row | _Unusable:
    if _UNDECODED.search(line):
        return _Unusable("is not UTF-8")
    try:
        row = json.loads(line)
    except (ValueError, RecursionError):
        return _Unusable("is not JSON")
    return row if isinstance(row, dict) else _Unusable("is not a JSON object")


def _parquet_rows(path: Path, reading: _Reading) -> Numbered:
    arrow, numbers = _arrow(), count(1)
    try:
        with path.open("rb") as file, arrow.parquet.ParquetFile(file) as table:
            names = table.schema_arrow.names
            _require(reading.columns.required, names, reading.columns.wanted)
            kept = [name for name in names if name in reading.columns.wanted]
            for batch in table.iter_batches(BATCH, columns=kept, use_threads=False):
                reading.count(batch.nbytes)
                for place in range(batch.num_rows):
                    yield next(numbers), _cells(batch, kept, place, arrow)
    except (arrow.ArrowException, ValueError, LookupError, OverflowError) as error:
        raise _Unusable("cannot be read: it is damaged or no Parquet file") from error
    except OSError as error:
        raise _Unusable(f"cannot be read: {error.strerror or 'it is damaged'}") from error


def _cells(batch: Any, names: list[str], place: int, arrow: Any) -> Row | _Unusable:
    try:
        return {name: batch.column(name)[place].as_py() for name in names}
    except (ValueError, OverflowError, arrow.ArrowException):
        return _Unusable("has a value that is not UTF-8 or out of range")


def _arrow() -> Any:
    try:
        importlib.import_module("pyarrow.parquet")
    except ImportError as error:
        message = "Reading Parquet files needs pyarrow: install the extra `train`, see docs/training.md."
        raise InvalidRequest("no_pyarrow", message) from error
    return importlib.import_module("pyarrow")


def _require(required: Collection[str], names: Collection[str], unique: Collection[str] = ()) -> None:
    """Refuses `names` of columns that lack a required one, or in which a `unique` one stands twice."""
    shown = ", ".join(map(_shown, list(names)[:MOST_NAMES])) or "none"
    for name in required:
        if name not in names:
            raise _Unusable(f"has no column “{name}”; its columns are {shown}")
    for name, times in Counter(iter(names)).items():
        if times > 1 and name in unique:
            raise _Unusable(f"has {times} columns of the name “{name}”")


def _shown(name: str) -> str:
    """A column's name, unless it is long: a table without a header begins with text."""
    return one_line(name) if len(name) <= LONGEST_NAME else f"(a name of {len(name):,} characters)"
