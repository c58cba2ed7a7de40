"""From the bytes of a file to the pack in it: JSON, or a page that carries JSON. Whatever it holds."""

from __future__ import annotations

import json
import math
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NoReturn

from neural_lab.errors import InvalidRequest
from neural_lab.report.embedded import CLOSING, OPENING

MOST_BYTES, MOST_DATA = 384 << 20, 256 << 20
"""Of a file, and of the JSON in it: enough for the longest text that is read at all."""
MOST_DEEP, MOST_PARTS = 24, 4_000_000
"""Levels, and braces and brackets: each takes more memory than space in the file."""
LARGEST = 1e15
"""Numbers beyond that are none of ours, and some programs would round them."""


@dataclass(frozen=True, slots=True)
class Opened:
    """A pack as plain values, and the page it was found in, or None."""

    values: dict[str, Any]
    page: str | None = None


def open_path(path: Path) -> Opened:
    """The pack in a file. Raises `InvalidRequest`."""
    try:
        with path.open("rb") as file:
            data = file.read(MOST_BYTES + 1)
    except OSError as error:
        reason = error.strerror or "it cannot be opened"
        raise InvalidRequest("unreadable", f"{path} cannot be read: {reason}.") from error
    return open_bytes(data)


def open_bytes(data: bytes) -> Opened:
    """Raises `InvalidRequest` for what is neither JSON nor a page with one pack in it."""
    if len(data) > MOST_BYTES:
        _refuse(f"it has over {MOST_BYTES:,} bytes")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        _refuse("it is not UTF-8")
    if text.lstrip().startswith("{"):
        return Opened(_values(text))
    return Opened(_values(_embedded(text)), text)


def _embedded(page: str) -> str:
    if page.count(OPENING) != 1:
        _refuse("it is neither JSON nor an HTML file with one pack in it")
    _, _, rest = page.partition(OPENING)
    written, closed, _ = rest.partition(CLOSING)
    if not closed:
        _refuse("the pack in it is cut off")
    return written


def _values(written: str) -> dict[str, Any]:
    if len(written) > MOST_DATA or written.count("{") + written.count("[") > MOST_PARTS:
        _refuse("it holds more than the longest text takes")
    try:
        found = json.loads(
            written,
            parse_constant=_number,
            parse_float=_number,
            parse_int=_whole,
            object_pairs_hook=_object,
        )
    except (ValueError, RecursionError) as error:
        said = str(error) if isinstance(error, _NotOursError) else "it is not JSON"
        raise InvalidRequest("not_json", f"This is no evidence pack: {said}.") from None
    if not isinstance(found, dict):
        _refuse("it is no JSON object")
    if _too_deep(found):
        _refuse(f"it is nested more than {MOST_DEEP} deep")
    return found


class _NotOursError(ValueError):
    """JSON that some programs would read otherwise than others."""


def _number(written: str) -> float:
    value = float(written)
    if not math.isfinite(value) or abs(value) > LARGEST:
        raise _NotOursError("it has a number that is not finite, or too large")
    return value


def _whole(written: str) -> int:
    if len(written) > len(f"{LARGEST:.0f}"):
        raise _NotOursError("it has a number that is not finite, or too large")
    return int(written)


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise _NotOursError("one of its objects has a field twice")
    return found


def _too_deep(value: object) -> bool:
    """Level by level, so that nothing here is as deep as the value."""
    level: list[Any] = [value]
    for _ in range(MOST_DEEP):
        inside = (each.values() if isinstance(each, dict) else each for each in level)
        level = [item for items in inside for item in items if isinstance(item, dict | list)]
        if not level:
            return False
    return True


def _refuse(said: str) -> NoReturn:
    raise InvalidRequest("not_a_pack", f"This is no evidence pack: {said}.")
