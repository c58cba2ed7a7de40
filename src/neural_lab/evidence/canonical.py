"""JSON in the one form that is hashed (RFC 8785), so that all programs get the same digest."""

from __future__ import annotations

import json
from collections.abc import Mapping
from decimal import Decimal
from hashlib import sha256

DIGEST = "digest"
_WORDS = {None: "null", True: "true", False: "false"}


def digest(pack: Mapping[str, object]) -> str:
    """SHA-256 of everything in a pack but its digest."""
    rest = {key: value for key, value in pack.items() if key != DIGEST}
    return sha256(canonical(rest)).hexdigest()


def canonical(value: object) -> bytes:
    """Keys sorted, no white space, UTF-8. Numbers have to be finite.

    A lone surrogate, which the standard refuses, has the three bytes that its number would have.
    """
    return _written(value).encode("utf-8", "surrogatepass")


def _written(value: object) -> str:
    if isinstance(value, str):
        return _quoted(value)
    if value is None or isinstance(value, bool):
        return _WORDS[value]
    if isinstance(value, int | float):
        return number(value)
    if isinstance(value, dict):
        pairs = (f"{_quoted(key)}:{_written(value[key])}" for key in sorted(value, key=_utf_16))
        return f"{{{','.join(pairs)}}}"
    if isinstance(value, list | tuple):
        return f"[{','.join(map(_written, value))}]"
    raise TypeError(f"JSON has no {type(value).__name__}")


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)


def _utf_16(key: str) -> bytes:
    return key.encode("utf-16-be", "surrogatepass")


def number(value: float) -> str:
    """A number as ECMAScript writes it: the fewest digits that read back as the same double."""
    shown = repr(float(value))
    if "e" not in shown:
        return shown.removesuffix(".0") if value else "0"
    sign, digits, power = Decimal(shown).normalize().as_tuple()
    point = len(digits) + int(power)
    return ("-" if sign else "") + _placed("".join(map(str, digits)), point)


def _placed(digits: str, point: int) -> str:
    """`digits` with the decimal point behind the first `point` of them."""
    if len(digits) <= point <= 21:
        return digits.ljust(point, "0")
    if -6 < point <= 0:
        return f"0.{'0' * -point}{digits}"
    fraction = f".{digits[1:]}" if len(digits) > 1 else ""
    return f"{digits[0]}{fraction}e{point - 1:+d}"
