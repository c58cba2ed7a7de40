"""JSON lines in, the same lines with their scores out; described in `docs/output.md`."""

from __future__ import annotations

import gzip
import json
import math
import sys
import zlib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path
from typing import Any, BinaryIO, cast

from neural_lab.batch import Analyst, Asked
from neural_lab.errors import InvalidDocument, InvalidRequest, LabError, ModelUnavailable
from neural_lab.files import STANDARD, replacing
from neural_lab.reading import Limits
from neural_lab.report.as_json import conclusion, failure
from neural_lab.report.characters import well_formed
from neural_lab.types import Document

ANSWER = ("probability", "verdict", "reason", "operating_point", "error_row")
"""Fields of the answer; an input row that has one of them loses it."""

LONGEST_LINE = 64 << 20
Row = dict[str, Any]


def scored(lines: Iterable[bytes], lab: Analyst, field: str, asked: Asked) -> Iterator[Row]:
    """One row for each line that is not blank, in order; a row that cannot be scored says why."""
    for number, line in enumerate(lines, 1):
        if line.strip():
            yield _scored(line, number, lab, field, asked)


def lines(path: Path, stdin: BinaryIO) -> Iterator[bytes]:
    """Lines of a file (gzip where its name ends in `.gz`) or of standard input."""
    try:
        with nullcontext(stdin) if path == STANDARD else _opened(path) as file:
            while line := file.readline(LONGEST_LINE + 1):
                if len(line) > LONGEST_LINE:
                    raise InvalidDocument("too_large", f"{path} has a line of over {LONGEST_LINE:,} bytes.")
                yield line
    except (OSError, EOFError, zlib.error) as error:
        reason = getattr(error, "strerror", None) or "it is damaged"
        raise InvalidDocument("unreadable", f"{path} cannot be read: {reason}.") from error


def count(path: Path) -> int | None:
    """Lines in a plain file; None where counting would use them up or take long."""
    if path.suffix == ".gz" or not path.is_file():
        return None
    with path.open("rb") as file:
        return sum(1 for _ in file)


@contextmanager
def output(path: Path, mode: int = 0o666) -> Iterator[BinaryIO]:
    """Standard output, or a file that appears only when it is complete; `mode` as for `replacing`."""
    if path == STANDARD:
        yield sys.stdout.buffer
        return
    with replacing(path, mode) as file:
        if path.suffix != ".gz":
            yield file
            return
        with gzip.GzipFile("", "wb", fileobj=file, mtime=0) as packed:
            yield cast(BinaryIO, packed)


def encode(row: Row) -> bytes:
    """One line of UTF-8; text that UTF-8 cannot hold stays as JSON escapes, so that it is kept as it came."""
    try:
        return json.dumps(row, ensure_ascii=False, allow_nan=False).encode() + b"\n"
    except UnicodeEncodeError:
        return json.dumps(row, allow_nan=False).encode() + b"\n"


def _scored(line: bytes, number: int, lab: Analyst, field: str, asked: Asked) -> Row:
    row: Row = {}
    try:
        row = _row(line, number)
        document = Document(well_formed(_text(row, number, field)))
        return {**row, **conclusion(asked.of(lab, document))}
    except ModelUnavailable:
        raise
    except LabError as error:
        return {**row, "error": failure(error)}


def _row(line: bytes, number: int) -> Row:
    value = _parsed(line, number)
    if not isinstance(value, dict):
        return {"row": value}
    return {key: kept for key, kept in value.items() if key not in ANSWER}


def _parsed(line: bytes, number: int) -> Any:
    try:
        return json.loads(line.decode("utf-8-sig"), parse_constant=_finite, parse_float=_finite)
    except (ValueError, RecursionError) as error:
        raise InvalidRequest("not_json", f"Line {number} is not JSON.") from error


def _text(row: Row, number: int, field: str) -> str:
    text = row.get(field)
    if not isinstance(text, str):
        raise InvalidRequest("no_text", f"Line {number} has no text in the field “{field}”.")
    if not text.strip():
        raise InvalidRequest("blank_text", f"The text of line {number} is blank.")
    if len(text) > (most := Limits().characters):
        raise InvalidRequest(
            "too_many_characters", f"The text of line {number} has over {most:,} characters."
        )
    return text


def _finite(number: str) -> float:
    """JSON knows no `NaN` or `Infinity`, and neither do the rows written here."""
    value = float(number)
    if not math.isfinite(value):
        raise ValueError(number)
    return value


def _opened(path: Path) -> BinaryIO:
    return cast(BinaryIO, gzip.open(path)) if path.suffix == ".gz" else path.open("rb")
