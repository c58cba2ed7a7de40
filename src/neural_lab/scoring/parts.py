"""A corpus cut into parts: the same rows in the same parts each time, whoever works on them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from hashlib import blake2b

from neural_lab.scoring.given import Given

ROWS, BYTES = 256, 4 << 20
"""Of a part, if nothing else is asked for; a single row may be larger."""


@dataclass(frozen=True, slots=True)
class Part:
    """Rows that are scored and written together, numbered from 0; `deaths` of processes that had them."""

    number: int
    rows: tuple[Given, ...]
    deaths: int = 0

    @property
    def digest(self) -> bytes:
        return blake2b(b"".join(row.digest for row in self.rows), digest_size=16).digest()


@dataclass
class Plan:
    """What reading everything once has shown: how much there is, and what each part is to be."""

    rows: int = 0
    parts: list[bytes] = field(default_factory=list)

    @property
    def digest(self) -> str:
        return blake2b(b"".join(self.parts), digest_size=32).hexdigest()


def cut(rows: Iterable[Given], most: int = ROWS, size: int = BYTES) -> Iterator[Part]:
    """Parts of up to `most` rows and about `size` bytes."""
    held: list[Given] = []
    number = room = 0
    for row in rows:
        if held and (len(held) == most or row.size > room):
            yield Part(number, tuple(held))
            held, number = [], number + 1
        room = (room if held else size) - row.size
        held.append(row)
    if held:
        yield Part(number, tuple(held))


def plan(parts: Iterable[Part]) -> Plan:
    found = Plan()
    for part in parts:
        found.rows += len(part.rows)
        found.parts.append(part.digest)
    return found
