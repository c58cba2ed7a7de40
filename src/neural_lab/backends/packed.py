"""Columns and vectors as bytes: a header, then plain little-endian numbers, and exactly the same back."""

from struct import Struct
from typing import Any

import numpy as np
from numpy.typing import NDArray

from neural_lab.types import Encoding

COLUMNS, ENCODING = b"NLw1", b"NLe1"  # What it is, and the version of its layout.
HEAD = Struct("<4sII")
OFFSET, FLOAT = np.dtype("<u4"), np.dtype("<f4")

Array = NDArray[Any]
Columns = NDArray[np.float32]


def pack_columns(columns: Columns) -> bytes | None:
    """`[columns, tokens]` row by row; None when they would not come back as they are."""
    if columns.dtype != np.float32 or columns.ndim != 2:
        return None
    return _joined(HEAD.pack(COLUMNS, *columns.shape), [_narrowed(columns, FLOAT)])


def unpack_columns(packed: bytes) -> Columns | None:
    """None for anything that `pack_columns` did not write; what comes back cannot be written to."""
    shape = _shape(packed, COLUMNS)
    if shape is None or len(packed) != HEAD.size + 4 * shape[0] * shape[1]:
        return None
    columns = np.frombuffer(packed[HEAD.size :], FLOAT).astype(np.float32, copy=False).reshape(shape)
    return columns if np.isfinite(columns).all() else None


def pack_encoding(encoding: Encoding) -> bytes | None:
    """The vectors row by row, then the counts; None when they would not come back as they are."""
    if encoding.vectors.dtype != np.float32 or encoding.vectors.ndim != 2:
        return None
    parts = [_narrowed(encoding.vectors, FLOAT), _narrowed(encoding.tokens, OFFSET)]
    return _joined(HEAD.pack(ENCODING, *encoding.vectors.shape), parts)


def unpack_encoding(packed: bytes) -> Encoding | None:
    """None for anything that `pack_encoding` did not write; what comes back cannot be written to."""
    shape = _shape(packed, ENCODING)
    if shape is None or len(packed) != HEAD.size + 4 * shape[0] * (shape[1] + 1):
        return None
    split = HEAD.size + 4 * shape[0] * shape[1]
    vectors = np.frombuffer(packed[HEAD.size : split], FLOAT).astype(np.float32, copy=False).reshape(shape)
    tokens = np.frombuffer(packed[split:], OFFSET).astype(np.int64)
    return frozen_encoding(Encoding(vectors, tokens)) if np.isfinite(vectors).all() else None


def frozen_encoding(encoding: Encoding) -> Encoding:
    encoding.vectors.setflags(write=False)
    encoding.tokens.setflags(write=False)
    return encoding


def _shape(packed: bytes, kind: bytes) -> tuple[int, int] | None:
    if len(packed) < HEAD.size:
        return None
    found, rows, columns = HEAD.unpack_from(packed)
    return (rows, columns) if found == kind else None


def _narrowed(numbers: Array, dtype: np.dtype[Any]) -> bytes | None:
    """None where a number does not fit exactly, or is not finite."""
    with np.errstate(over="ignore", invalid="ignore"):
        narrow = numbers.astype(dtype)
    exact = np.array_equal(narrow.astype(numbers.dtype), numbers) and np.isfinite(narrow).all()
    return narrow.tobytes() if exact else None


def _joined(head: bytes, parts: list[bytes | None]) -> bytes | None:
    fitting = [part for part in parts if part is not None]
    return head + b"".join(fitting) if len(fitting) == len(parts) else None
