"""Parquet in and out, in batches; the only file here that needs pyarrow."""

from __future__ import annotations

import importlib
import io
from collections.abc import Sequence
from itertools import count
from typing import Any

from neural_lab.errors import InvalidRequest
from neural_lab.scoring.corpus import NO_ARROW, File
from neural_lab.scoring.lines import Cells, Numbered, require

BATCH = 64


def arrow() -> Any:
    """pyarrow. Raises `InvalidRequest` where it is not installed."""
    try:
        importlib.import_module("pyarrow.parquet")
    except ImportError as error:
        raise InvalidRequest("no_pyarrow", f"Parquet {NO_ARROW}") from error
    return importlib.import_module("pyarrow")


def parquet_rows(file: File, columns: Sequence[str]) -> Numbered:
    """Rows by number from 1, of `columns` only; one that is `unreadable` stands for the rest of its file."""
    pa, numbers = arrow(), count(1)
    try:
        with file.open() as stream, pa.parquet.ParquetFile(stream, pre_buffer=False) as table:
            kept = [name for name in columns if name in table.schema_arrow.names]
            for batch in table.iter_batches(BATCH, columns=kept, use_threads=False):
                for place in range(batch.num_rows):
                    yield next(numbers), _cells(batch, kept, place, pa)
    except (pa.ArrowException, ValueError, LookupError, OverflowError, OSError):
        yield next(numbers), "unreadable"


def require_columns(file: File, wanted: Sequence[str]) -> None:
    """Raises `InvalidRequest` as `require` does; a file that cannot be opened is left to be read."""
    pa = arrow()
    try:
        with file.open() as stream, pa.parquet.ParquetFile(stream) as table:
            names = table.schema_arrow.names
    except (pa.ArrowException, ValueError, OSError):
        return
    for name in wanted:
        require(names, name, file)


def packed(rows: Sequence[dict[str, Any]], audited: bool, sentences: bool) -> bytes:
    """A Parquet file of answers; an id is text in it, whatever it was."""
    pa = arrow()
    plain = [row | {"id": None if row["id"] is None else str(row["id"])} for row in rows]
    file = io.BytesIO()
    table = pa.Table.from_pylist(plain, pa.schema(_fields(pa, audited, sentences)))
    pa.parquet.write_table(table, file, compression="zstd")
    return file.getvalue()


def _fields(pa: Any, audited: bool, sentences: bool) -> list[tuple[str, Any]]:
    text, real, whole = pa.string(), pa.float64(), pa.int64()
    fields = [("id", text), ("row", text), ("probability", real), ("verdict", text), ("reason", text)]
    fields += [("words", whole), ("detector", text), ("version", text)]
    fields += [("coverage", real), ("matches", whole)] if audited else []
    sentence = [("start", whole), ("end", whole), ("probability", real), ("flagged", pa.bool_())]
    fields += [("sentences", pa.list_(pa.struct(sentence)))] if sentences else []
    return [*fields, ("error", text)]


def _cells(batch: Any, names: Sequence[str], place: int, pa: Any) -> Cells:
    try:
        return {name: batch.column(name)[place].as_py() for name in names}
    except UnicodeDecodeError:
        return "not_utf8"
    except (ValueError, OverflowError, pa.ArrowException):
        return "unreadable"
