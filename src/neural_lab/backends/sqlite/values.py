"""How values are kept in SQLite."""

import json
from collections.abc import Iterable
from hashlib import sha256


def written(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")


def read(stored: bytes) -> str:
    return stored.decode("utf-8", "surrogatepass")


def listed(numbers: Iterable[int]) -> str:
    """Numbers for `json_each`: any amount of them, of any size, in one parameter."""
    return json.dumps([*map(int, numbers)])


def digest(text: str) -> bytes | None:
    """What stands for a path in an index; none for an empty one."""
    return sha256(written(text)).digest() if text else None


def possible(number: int) -> int:
    """`number` if a row can have it, and otherwise 0, which none has."""
    return number if 0 < number < 2**63 else 0
