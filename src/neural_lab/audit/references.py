"""Whether text is a list of references, and how far."""

import re
from collections.abc import Iterator
from typing import NamedTuple

from neural_lab.audit.reference_signs import ENTRY, LABEL, SURE, weight
from neural_lab.types import Span

# A reference makes good for two lines without one: at least a third of a list are references.
_GAIN, _LOSS = 2.0, 1.0
_LOSS_CHARACTERS = 250
_MOST_LOST, _HEAD, _TAIL = 8.0, 4.0, 3.0
"""So much without a reference ends a list, or shows that none begins; a tail of less belongs to it."""
_LEAST = 2 * SURE
_LINE = re.compile(r"[^\n]+")
_WRAPPED, _LONGEST = 120, 800


class _Unit(NamedTuple):
    """A line with what it is wrapped to, and whether it begins as an item of a list does."""

    span: Span
    begun: bool


def listed(text: str, start: int, stop: int) -> int | None:
    """End of the list of references that begins at `start` and ends at `stop` at the latest, if there is one.

    Each reference counts for it and everything else against it, by length; the
    list ends where most counts for it. The least that makes a list is one
    reference with two sure signs, two with one, or three that have but a date.
    """
    score = best = 0.0
    found, end = 0, None
    for unit in _units(text, start, stop):
        signs = weight(unit.span.of(text)) if unit.span.length <= _LONGEST else 0
        score += _GAIN if signs else -max(_LOSS, unit.span.length / _LOSS_CHARACTERS)
        found += signs
        if signs and score > best and found >= _LEAST:
            best, end = score, unit.span.end
        if score <= best - (_HEAD if end is None else _MOST_LOST):
            return end
    return stop if end is not None and score > best - _TAIL else end


def _units(text: str, start: int, stop: int) -> Iterator[_Unit]:
    """Underlines of headings and lines without a letter are none."""
    unit: _Unit | None = None
    for match in _LINE.finditer(text, start, stop):
        line = Span(*match.span())
        if unit and _continues(text, unit, line):
            unit = unit._replace(span=Span(unit.span.start, line.end))
            continue
        if unit:
            yield unit
        shown = line.of(text)[:_LONGEST]
        begun = bool(ENTRY.match(shown) or LABEL.match(shown))
        unit = _Unit(line, begun) if any(map(str.isalnum, shown)) else None
    if unit:
        yield unit


def _continues(text: str, unit: _Unit, line: Span) -> bool:
    """Whether a line is the wrapped rest of the one before: indented, or none that begins a reference."""
    shown = line.of(text)
    if line.length > _WRAPPED or line.end - unit.span.start > _LONGEST or line.start != unit.span.end + 1:
        return False
    if not shown.strip() or ENTRY.match(shown) or LABEL.match(shown):
        return False
    return shown[0] in " \t" or unit.begun
