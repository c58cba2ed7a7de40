"""Columns and vectors as bytes: a header, then plain little-endian numbers, and exactly the same back."""

from struct import Struct
from typing import Any

import numpy as np
from numpy.typing import NDArray

from neural_lab.types import Encoding, TokenScores

SCORES, ENCODING = b"NLs1", b"NLe1"  # What it is, and the version of its layout.
HEAD = Struct("<4sII")
OFFSET, FLOAT = np.dtype("<u4"), np.dtype("<f4")
OFFSETS, FLOATS = 2, 4  # Columns of `TokenScores`.

Array = NDArray[Any]


def pack_scores(scores: TokenScores) -> bytes | None:
    """The columns one after the other; None when they would not come back as they are."""
    columns = scores.columns
    parts = [_narrowed(column, OFFSET) for column in columns[:OFFSETS]]
    parts += [_narrowed(column, FLOAT) for column in columns[OFFSETS:]]
    return _joined(HEAD.pack(SCORES, len(scores), len(columns)), parts)


def unpack_scores(packed: bytes) -> TokenScores | None:
    """None for anything that `pack_scores` did not write; what comes back cannot be written to."""
    shape = _shape(packed, SCORES)
    if shape is None or len(packed) != HEAD.size + 4 * shape[0] * shape[1] or shape[1] != OFFSETS + FLOATS:
        return None
    split = HEAD.size + OFFSETS * 4 * shape[0]
    offsets = np.frombuffer(packed[HEAD.size : split], OFFSET).astype(np.int64).reshape(OFFSETS, shape[0])
    floats = np.frombuffer(packed[split:], FLOAT).astype(np.float64).reshape(FLOATS, shape[0])
    return frozen_scores(TokenScores(*offsets, *floats)) if np.isfinite(floats).all() else None


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


def frozen_scores(scores: TokenScores) -> TokenScores:
    for column in scores.columns:
        column.setflags(write=False)
    return scores


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
